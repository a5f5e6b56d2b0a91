-- Run inside Wireshark by live_test.py during a capture: writes what fields hold on each packet as soon as
-- it comes. When a connection has closed it asks for all packets again, as a statistics window does that
-- is opened.
-- SPDX-License-Identifier: GPL-2.0-or-later

local fields = {}
for name in os.getenv("TCPWAVE_FIELDS"):gmatch("[^,]+") do
  fields[#fields + 1] = Field.new(name)
end
local out = assert(io.open(os.getenv("TCPWAVE_OUTPUT"), "w"))

local tap = Listener.new("frame")
local again, closed = false, false

function tap.packet()
  local cells = {}
  for i, field in ipairs(fields) do
    local values = {}
    for j, info in ipairs({ field() }) do values[j] = tostring(info.value) end
    cells[i] = table.concat(values, ",")
  end
  out:write(table.concat(cells, "\t"), "\n")
  out:flush()
  closed = closed or cells[1] == "4"
end

function tap.draw()
  if not closed or again then return end
  again = true
  retap_packets()
end
