/** The programs of a node's administrator that a node has and its machine has not, or has for another purpose. Texts for `/bin/sh`. */

/** Asked by packages that would start a service: nodes run tasks, and no services. invoke-rc.d(8). */
export const POLICY_PROGRAM = "#!/bin/sh\nexit 101\n";

/**
 * Asked by dpkg(1) before it does anything, where the machine's files are nobody's in the node: it keeps what it replaces under a second
 * name until all is well, which can be given to the node's own files alone. So those become copies first.
 */
export const OWN_FILES_PROGRAM = `#!/bin/sh
# Makes the machine's files that dpkg is about to replace the node's own.
pid=$PPID
until [ "$(cat /proc/$pid/comm)" = dpkg ]; do
  pid=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$pid/status)
  [ "\${pid:-0}" -gt 1 ] || exit 0
done
tr '\\0' '\\n' <"/proc/$pid/cmdline" | while read -r word; do
  case $word in
    *.deb) echo "$word" ;;
    /*) [ -d "$word" ] && find "$word/" -name '*.deb' ;;
  esac
done | while read -r archive; do
  dpkg-deb --fsys-tarfile "$archive" | tar -t
done | while read -r path; do
  file=/\${path#./}
  if [ -f "$file" ] && [ ! -L "$file" ] && [ "$(stat -c %U "$file")" = nobody ]; then
    cp --preserve=mode,timestamps "$file" "$file.own" && mv -f "$file.own" "$file"
  fi
done
exit 0
`;

/**
 * In nodes a set-user-id program has no effect: whoever has the node's power becomes root by it, and nobody else does. Takes what
 * sudo(8) takes, as far as scripts use it, and needs no password.
 */
export const SUDO_PROGRAM = `#!/bin/sh
# sudo of a Batch node, for tasks that run with elevation.
fail() { echo "sudo: $1" >&2; exit 1; }
user=root group= shell= login= keeps= asks=

while [ $# -gt 0 ]; do
  case $1 in
    --) shift; break ;;
    -u | --user) [ $# -ge 2 ] || fail "$1 takes a user"; user=$2; shift 2 ;;
    --user=*) user=\${1#*=}; shift ;;
    -u?*) user=\${1#-u}; shift ;;
    -g | --group) [ $# -ge 2 ] || fail "$1 takes a group"; group=$2; shift 2 ;;
    --group=*) group=\${1#*=}; shift ;;
    -p | --prompt | -C | -T | -r | -t) [ $# -ge 2 ] || fail "$1 takes a word"; shift 2 ;;
    --non-interactive | --stdin | --set-home | --reset-timestamp | --preserve-groups | --prompt=*) shift ;;
    --preserve-env | --preserve-env=*) keeps=yes; shift ;;
    --login) login=yes; shift ;;
    --shell) shell=yes; shift ;;
    --version | -V) echo "sudo of a Batch node"; exit 0 ;;
    --list | --validate) set -- -v ;;
    -?*)
      letters=\${1#-}
      while [ -n "$letters" ]; do
        rest=\${letters#?}
        case \${letters%"$rest"} in
          n | S | H | k | K | P | A | B) ;;
          E) keeps=yes ;;
          i) login=yes ;;
          s) shell=yes ;;
          l | v) asks=yes ;;
          u) [ $# -ge 2 ] || fail "-u takes a user"; user=\${rest:-$2}; [ -n "$rest" ] || shift; rest= ;;
          *) fail "unknown option -\${letters%"$rest"}" ;;
        esac
        letters=$rest
      done
      shift
      ;;
    *=*) export "$1"; shift ;;
    *) break ;;
  esac
done

case $user in
  "#"*) uid=\${user#?} ;;
  *) uid=$(id -u -- "$user" 2>/dev/null) || fail "unknown user $user" ;;
esac
entry=$(getent passwd "$uid")
name=\${entry%%:*}
if [ -n "$group" ]; then gid=$(getent group "$group" | cut -d: -f3); [ -n "$gid" ] || fail "unknown group $group"
else gid=$(echo "$entry" | cut -d: -f4); fi
home=$(echo "$entry" | cut -d: -f6)
become() { setpriv --reuid="$uid" --regid="\${gid:-$uid}" --clear-groups --inh-caps=-all --ambient-caps=-all -- "$@"; }
become true 2>/dev/null || fail "$(id -un) is not in the sudoers file: only tasks with elevation may"
[ "$asks" = yes ] && exit 0

[ -n "$name" ] && export USER="$name" LOGNAME="$name"
[ -n "$keeps" ] || export HOME="\${home:-/}"
SUDO_USER=$(id -un) SUDO_UID=$(id -u) SUDO_GID=$(id -g) SUDO_COMMAND="$*"
export SUDO_USER SUDO_UID SUDO_GID SUDO_COMMAND
program=$(echo "$entry" | cut -d: -f7)
[ -x "$program" ] || program=/bin/sh
if [ -n "$login" ]; then
  export HOME="\${home:-/}"
  cd "$HOME" 2>/dev/null
  if [ $# -gt 0 ]; then set -- "$program" -l -c "$*"; else set -- "$program" -l; fi
elif [ -n "$shell" ]; then
  if [ $# -gt 0 ]; then set -- "$program" -c "$*"; else set -- "$program"; fi
fi
[ $# -gt 0 ] || fail "no command"
exec setpriv --reuid="$uid" --regid="\${gid:-$uid}" --clear-groups --inh-caps=-all --ambient-caps=-all -- "$@"
`;
