# What tcpwave needs on a machine, and how to come by it. Sourced by `setup` and `test`.
#
# In this order: what is there is used; root installs the rest with apt-get, and so does a user whose
# sudo asks no password; any other user gets Debian's packages unpacked in a folder of his own, below
# $state/root, and programs in $state/bin that run them from there. Everything done is noted in
# $state, from where `setup --uninstall` takes it back.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
if [ "$(id -u)" = 0 ]; then
  state=/var/lib/tcpwave
else
  : "${HOME:?tcpwave: HOME is not set}"
  state=$HOME/.local/share/tcpwave
fi
log=$state/log
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
. "$top/packaging/progress.sh"

say() { printf 'tcpwave: %s\n' "$*"; }
die() {
  printf 'tcpwave: %s\n' "$*" >&2
  exit 1
}

# Runs a command with its output in the log; shows the end of the log only if the command fails.
quietly() {
  mkdir -p "$state"
  "$@" >>"$log" 2>&1 </dev/null || {
    local status=$?
    tail -n 40 "$log" >&2
    printf 'tcpwave: this failed: %s\ntcpwave: the whole output: %s\n' "$*" "$log" >&2
    return $status
  }
}

has() { command -v "$1" >/dev/null; }
compiles() { printf '#include <%s>\n' "$1" | c++ -E -x c++ - >/dev/null 2>&1; }

# Debian packages, each with the test of whether what it is needed for is there, wherever it is from.
prerequisites=(
  'g++                has c++'
  'cmake              has cmake'
  'ninja-build        has ninja'
  'pkg-config         has pkg-config'
  'python3            has python3'
  'libglib2.0-dev     pkg-config --exists glib-2.0'
  'libwireshark-dev   pkg-config --exists wireshark'
  'libgtest-dev       compiles gtest/gtest.h'
  'libpcap-dev        compiles pcap/pcap.h'
  'nlohmann-json3-dev compiles nlohmann/json.hpp'
  'tshark             has tshark'
  'wireshark          has wireshark'
)
# Only for programs that are unpacked: with apt-get, Wireshark's packages bring it along.
fonts=fonts-dejavu-core

# What an earlier run unpacked is used.
use_unpacked() {
  [ ! -x "$state/bin/tshark" ] || PATH=$state/bin:$PATH
}

# For tcpwave-record, which is left out without them. A bare system's apt knows of no package before it has lists.
optional=(
  'libtraceevent-dev  pkg-config --exists libtraceevent'
  'libtracefs-dev     pkg-config --exists libtracefs'
)
apt_knows() { has apt-cache && [ -n "$(apt-cache show "$1" 2>/dev/null)" ]; }
missing_optional() {
  local line package probe
  for line in "${optional[@]}"; do
    read -r package probe <<<"$line"
    $probe 2>/dev/null || ! apt_knows "$package" || printf '%s ' "$package"
  done
}

find_missing() {
  local line package probe
  all=() missing=()
  for line in "${prerequisites[@]}"; do
    read -r package probe <<<"$line"
    all+=("$package")
    $probe 2>/dev/null || missing+=("$package")
  done
}

installed_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort
}

# The environment of apt-get: no questions, no suggestions of more; in English, for progress.sh reads it.
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
}

# All that is given, and what is optional. Without rights of its own, by `as_root`.
install_with_apt() {
  mkdir -p "$state"
  [ $# = 0 ] ||
    say "installing Debian packages with ${as_root[*]:+sudo }apt-get: $* (and their dependencies)"
  local before status=0
  before=$(mktemp)
  installed_packages >"$before"
  if watched apt_get update && { [ $# = 0 ] || watched apt_get install "$@"; }; then
    install_optional
  else
    status=$?
  fi
  # Also after a failure: what did get installed is to come off again.
  installed_packages | comm -13 "$before" - >>"$state/packages"
  rm -f "$before"
  [ $status = 0 ] || [ $# = 0 ] || die "apt-get could not install: $*"
}

install_optional() {
  local packages
  read -ra packages <<<"$(missing_optional)"
  [ ${#packages[@]} != 0 ] || return 0
  say "and for tcpwave-record: ${packages[*]}"
  watched apt_get install "${packages[@]}" || say "tcpwave-record is left out: apt-get could not install ${packages[*]}"
}

# Debian's packages without any rights. apt resolves against an empty list of installed packages, so
# the folder holds everything that its programs need, whatever the machine has.
unpack_below_home() {
  local root=$state/root new=$state/root.new apt_dir=$state/apt deb debs file unpacked=0 shown=
  has apt-get && has dpkg-deb || die "no apt-get and dpkg-deb here; please install: $*"
  rm -rf "$new" "$apt_dir"
  trap 'rm -rf "$state/root.new" "$state/apt"' EXIT
  mkdir -p "$apt_dir"/{lists,cache/archives}/partial "$new"/usr/{bin,sbin,lib,lib64}
  ln -s usr/{bin,sbin,lib,lib64} "$new"
  : >"$apt_dir/status"
  local options=(-q -y --no-install-recommends -o Debug::NoLocking=1
    -o Dir::State="$apt_dir" -o Dir::State::lists="$apt_dir/lists"
    -o Dir::State::status="$apt_dir/status" -o Dir::Cache="$apt_dir/cache")
  watched env LC_ALL=C.UTF-8 apt-get "${options[@]}" update || die "apt-get could not read the package lists"
  watched env LC_ALL=C.UTF-8 apt-get "${options[@]}" --download-only install "$@" ||
    die "apt-get could not download: $*"
  debs=("$apt_dir"/cache/archives/*.deb)
  for deb in "${debs[@]}"; do
    share 'packages unpacked:' $((++unpacked)) ${#debs[@]}
    dpkg-deb --fsys-tarfile "$deb" |
      tar -x -C "$new" --keep-directory-symlink --no-same-permissions --exclude './dev/*' ||
      die "could not unpack ${deb##*/} below $state (is the disk full?)"
  done
  # Links to absolute names would leave the folder.
  find "$new" -type l -lname '/*' -print0 | while IFS= read -r -d '' file; do
    ln -sfn "$root$(readlink "$file")" "$file"
  done
  # The C library must be the one that the machine's program loader belongs to.
  dpkg-deb --fsys-tarfile "$apt_dir"/cache/archives/libc6_*.deb | tar -t | grep '\.so' |
    while IFS= read -r file; do
      file=${file#.}
      [ ! -e "$file" ] || ln -sfn "$(readlink -f "$file")" "$new$file"
    done
  rm -rf "$root"
  mv "$new" "$root"
  rm -rf "$apt_dir"
  trap - EXIT
}

# The fonts of the unpacked packages and the machine's, which may have none: Wireshark's window would have no text.
# FONTCONFIG_SYSROOT is no way to that: with it fontconfig found none of the unpacked fonts.
write_fonts() {
  cat >"$state/fonts.conf" <<FONTS
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>$state/root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <cachedir>$state/fonts</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
FONTS
}

# One small program runs them all, under the name it is called by.
make_programs() {
  local libraries name
  libraries=$(dirname "$(find "$state/root/usr/lib" -name libwsutil.so.\* | head -n 1)")
  mkdir -p "$state/bin"
  cat >"$state/bin/run" <<RUN
#!/bin/sh
# Runs a program of the packages that tcpwave's packaging/setup unpacked in '$state/root'.
root='$state/root'
name=\$(basename "\$0")
export LD_LIBRARY_PATH='$libraries:$libraries/pulseaudio'
export PKG_CONFIG_LIBDIR='$libraries/pkgconfig' PKG_CONFIG_SYSROOT_DIR="\$root"
export WIRESHARK_DATA_DIR="\$root/usr/share/wireshark"
export WIRESHARK_PLUGIN_DIR="\${WIRESHARK_PLUGIN_DIR:-$libraries/wireshark/plugins}"
export QT_PLUGIN_PATH='$libraries/qt5/plugins' XKB_CONFIG_ROOT="\$root/usr/share/X11/xkb"
export FONTCONFIG_FILE='$state/fonts.conf'
case \$name in c++ | gcc-*) PATH="\$root/usr/bin:\$PATH" ;; esac # where they find the assembler and ar
if [ "\$name" = c++ ]; then
  name=g++
  set -- --sysroot="\$root" "\$@"
fi
exec "\$root/usr/bin/\$name" "\$@"
RUN
  chmod +x "$state/bin/run"
  for name in c++ ar ranlib nm gcc-ar gcc-ranlib gcc-nm cmake ctest cpack ninja pkg-config python3 tshark wireshark \
    capinfos editcap mergecap randpkt; do
    ln -sfn run "$state/bin/$name"
  done
  # pkg-config puts the root before every path, also before those of your own libraries.
  for name in home opt tmp; do
    [ -d "$state/root/$name" ] && [ ! -L "$state/root/$name" ] || ln -sfn "/$name" "$state/root/$name"
  done
}

may_install() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

# Makes sure that everything is there, and says what it does for that.
obtain_prerequisites() {
  local all missing
  rm -f "$log"
  use_unpacked
  [ ! -x "$state/bin/tshark" ] || make_programs # an earlier version made fewer
  find_missing
  if [ ${#missing[@]} = 0 ] && { ! may_install || [ -z "$(missing_optional)" ]; }; then
    say "everything that is needed is installed"
    return
  fi
  has dpkg-query || die "this is not a Debian system; please install: ${missing[*]}"
  if [ "$(id -u)" = 0 ]; then
    as_root=()
    install_with_apt "${missing[@]}"
  elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
    install_with_apt "${missing[@]}"
  else
    say "missing: ${missing[*]}"
    say "no right to install packages; unpacking Debian's for you alone in $state"
    say "(about 220 MB to download, 900 MB on disk; packaging/setup --uninstall removes it)"
    unpack_below_home "${all[@]}" "$fonts"
    make_programs
    write_fonts
    PATH=$state/bin:$PATH
  fi
  hash -r
  find_missing
  [ ${#missing[@]} = 0 ] || die "still missing after the installation: ${missing[*]}"
}

# Builds a preset. What root builds in another's checkout is given to that user, who is to build on.
build() {
  cd "$top"
  quietly cmake --preset "$@"
  watched cmake --build --preset "$1"
  [ "$(id -u)" != 0 ] || chown -R --reference="$top" "$top/build"
}
