# What a long command shows while it runs: a line for each tenth of apt's, CMake's and ctest's work. Sourced by
# prerequisites.sh. The whole output goes to $log, but for that of ctest, which keeps its own in
# build/dev/Testing/Temporary/LastTest.log.

# share WHAT DONE ALL: says so, once for each tenth.
share() {
  [ "$3" -gt 0 ] && [ "$1 $(($2 * 10 / $3))" != "${shown-}" ] || return 0
  shown="$1 $(($2 * 10 / $3))"
  printf '  %s %d of %d\n' "$@"
}

# Reads what apt-get and ninja print and passes it through in short.
in_short() {
  local line packages=0 got=0 unpacked=0 set_up=0 shown='' step='^\[([0-9]+)/([0-9]+)\] '
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      *' newly installed, '*)
        packages=${line#*upgraded, } packages=${packages%% *} got=0 ;;
      'Need to get '*) printf '  %s\n' "$line" ;;
      'Get:'*) share 'packages downloaded:' $((++got)) "$packages" ;;
      'Unpacking '*) share 'packages unpacked:' $((++unpacked)) "$packages" ;;
      'Setting up '*) share 'packages set up:' $((++set_up)) "$packages" ;;
      *) [[ ! $line =~ $step ]] || share 'build steps:' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" ;;
    esac
  done
}

# Runs a command as `quietly` does, and shows its progress.
watched() {
  mkdir -p "$state"
  "$@" 2>&1 </dev/null | tee -a "$log" | in_short || {
    local status=$?
    tail -n 40 "$log" >&2
    printf 'tcpwave: this failed: %s\ntcpwave: the whole output: %s\n' "$*" "$log" >&2
    return $status
  }
}

# took SECONDS-AT-BEGIN
took() { printf '%d min %d s' $(((SECONDS - $1) / 60)) $(((SECONDS - $1) % 60)); }

# Reads what ctest prints. A test that passes or is skipped is only counted; everything else is passed through, up
# to the closing count, which goes into the file CLOSING with all below it: it is to be the last that is printed.
tests_in_short() {
  local line shown='' begun='^ *Start +[0-9]+: ' closing=''
  local ended='^ *([0-9]+)/([0-9]+) +Test +#[0-9]+: .*(Passed|Skipped)'
  while IFS= read -r line || [ -n "$line" ]; do
    [[ ! $line =~ ^[0-9]+'% tests passed' ]] || closing=1
    if [ -n "$closing" ]; then
      printf '%s\n' "$line" >>"$1"
    elif [[ $line =~ $ended ]]; then
      share 'tests:' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif [[ ! $line =~ $begun ]]; then
      printf '%s\n' "$line"
    fi
  done
}

# Which tests of ctest's log LASTTEST were skipped, and why: what each printed behind "skipped: ".
skipped_tests() {
  awk '
    / Test: / && /^[0-9]+\/[0-9]+ / { test = $3; reason = "it does not say why"; next }
    /^(tcpwave: )?skipped: / && reason == "it does not say why" { reason = substr($0, index($0, "skipped: ") + 9) }
    /^Test Skipped\.$/ { print "  " test ": " reason }' "$1"
}
