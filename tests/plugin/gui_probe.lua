-- Run inside Wireshark by gui_test.py: writes what fields hold on each frame, as the program itself
-- goes through the frames: while it loads the file, when a display filter is applied, when it
-- dissects everything anew, and under the filter again. Then it ends the program.
-- SPDX-License-Identifier: GPL-2.0-or-later

local fields = {}
for name in os.getenv("TCPWAVE_FIELDS"):gmatch("[^,]+") do
  fields[#fields + 1] = Field.new(name)
end
local out = assert(io.open(os.getenv("TCPWAVE_OUTPUT"), "w"))

local actions = {
  { "load", function() set_filter(os.getenv("TCPWAVE_FILTER")) apply_filter() end },
  { "filter", function() redissect_packets() end },
  { "redissect", function() set_filter("") apply_filter() end },
  { "no filter", function() out:close() os.exit(0) end },
}
local stage, rows, fresh = 1, {}, false

-- The listener has the same filter as the packet list gets: a script cannot see the list itself.
local tap = Listener.new("frame", os.getenv("TCPWAVE_FILTER"))

function tap.reset()
  rows, fresh = {}, true
end

function tap.packet(pinfo)
  local cells = {}
  for i, field in ipairs(fields) do
    local values = {}
    for j, info in ipairs({ field() }) do values[j] = tostring(info.value) end
    cells[i] = table.concat(values, "|")
  end
  rows[#rows + 1] = pinfo.number .. "\t" .. table.concat(cells, "\t")
end

-- Called when the frames have been gone through, and at times without that, or before the first.
function tap.draw()
  if not fresh or #rows == 0 then return end
  local name, next_action = table.unpack(actions[stage])
  for _, row in ipairs(rows) do out:write(name, "\t", row, "\n") end
  out:flush()
  stage, fresh = stage + 1, false
  next_action()
end
