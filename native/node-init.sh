#!/bin/sh
# The init of a Batch node where the C one cannot be built: the same events, more slowly. A run is one session, and its
# processes are known by a variable of their environment; one that clears its environment escapes. Tasks ignore SIGINT and
# SIGQUIT here, as everything does that a shell starts in the background.
#
#   node-init.sh MARK      the beginning of BATCHYARD_RUN in every run of this node
#
# Each line on stdin is one command, quoted by the agent:
#   start RUN MARK FOLDER PATH PROGRAM NAME=VALUE... PROGRAM ARGUMENT...
#   term RUN               SIGTERM to every process of the run
#   kill RUN               SIGKILL to every process of the run, until none is left
# Events on stdout are those of node-init.c. A keeper that is only just starting ignores orders: the agent repeats `kill`.

node_mark=$1
umask 022
trap '' TERM USR1
newline='
'

# signal NAME MARK: succeeds if there was a process to send it to.
signal() {
  found=1
  for pid in $(marked "$2"); do kill -"$1" "$pid" 2>/dev/null && found=0; done
  return $found
}

marked() {
  for environ in $(grep -lsF -- "BATCHYARD_RUN=$1" /proc/[0-9]*/environ); do
    pid=${environ#/proc/}
    echo "${pid%/environ}"
  done
}

# terminate GROUP MARK: once to each process. A second SIGTERM would break into what the command does at the first.
terminate() {
  others=$(for pid in $(marked "$2"); do [ "$(group_of "$pid")" = "$1" ] || echo "$pid"; done)
  kill -TERM -"$1" $others 2>/dev/null
}

# The third field behind the name, which may hold anything.
group_of() {
  read -r stat 2>/dev/null <"/proc/$1/stat" || return
  stat=${stat##*) }
  stat=${stat#* * }
  echo "${stat%% *}"
}

# runnable FILE: sets errno, 0 when it can be executed.
runnable() {
  [ -e "$1" ] || return 1
  errno=13
  [ -f "$1" ] && [ -x "$1" ] && errno=0
}

# find_program PATH PROGRAM: sets errno.
find_program() {
  errno=2
  case $2 in
    */*) runnable "$2" && return ;;
    *)
      IFS=:
      for folder in $1; do runnable "${folder:-.}/$2" && break; done
      unset IFS
      ;;
  esac
}

fail() {
  echo "failed $run $1 $2"
  echo "ended $run 255"
  exit
}

keep() {
  run=$1 mark=$2 folder=$3 path=$4 program=$5
  shift 5
  mkdir -p "$folder/wd" 2>/dev/null && cd "$folder" || fail folder 0
  { : >stdout.txt && : >stderr.txt; } 2>/dev/null || fail files 0
  cd wd || fail folder 0
  find_program "$path" "$program"
  [ "$errno" = 0 ] || fail program "$errno"

  command=
  trap 'terminate "$command" "$mark"' TERM
  trap 'kill -KILL -"$command" 2>/dev/null; signal KILL "$mark"' USR1
  setsid env -i "$@" </dev/null >../stdout.txt 2>../stderr.txt &
  command=$!
  echo "started $run"
  while :; do
    wait "$command"
    code=$?
    kill -0 "$command" 2>/dev/null || break # it was a trap that ended the wait
  done
  kill -KILL -"$command" 2>/dev/null
  while signal KILL "$mark"; do :; done
  echo "ended $run $code"
}

start() {
  jobs >/dev/null # buries the keepers that have ended since
  keep "$@" &
  eval "keeper_$1=$!"
}

term() { eval "kill -TERM \$keeper_$1" 2>/dev/null; }
kill_run() { eval "kill -USR1 \$keeper_$1" 2>/dev/null; }

echo "ready session"
while IFS= read -r line; do eval "$line"; done

# The agent has gone. Whoever it left behind goes too.
while signal KILL "$node_mark"; do :; done
wait
