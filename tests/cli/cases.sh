#!/bin/sh
# Runs command-line cases with expected output.
#
#   cases.sh DIR_OF_HEDON FILE...
#
# A case in a file:
#
#   case: what is shown
#   run: a shell command; hedon is the tool, the folder is fresh for each file, and HEDON_DIR is
#        the folder that the tool was built in
#   exit: 2                    (default 0)
#   err: hedon: a pattern      one line for each line of standard error; none: nothing may be said
#   out: a pattern             the same for standard output
#   err: ... or out: ...       whatever follows is not looked at
#
# Patterns are the shell's: * and ? and [].
set -u
HEDON_DIR=$1
PATH=$1:$PATH
export HEDON_DIR PATH LC_ALL=C TERM=dumb
unset NO_COLOR HEDON_ISA
shift

scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# matches WANTED GOT: does every line of GOT match its pattern?
matches() {
  exec 3<"$1" 4<"$2"
  while :; do
    wanted_ok=0 got_ok=0
    IFS= read -r wanted <&3 || wanted_ok=1
    [ $wanted_ok -eq 0 ] && [ "$wanted" = ... ] && return 0
    IFS= read -r got <&4 || got_ok=1
    [ $wanted_ok -ne $got_ok ] && return 1
    [ $wanted_ok -eq 1 ] && return 0
    case $got in
      $wanted) ;;
      *) return 1 ;;
    esac
  done
}

settle() {
  [ -n "$name" ] || return 0
  (cd "$scratch/here" && eval "$run") >"$scratch/out" 2>"$scratch/err" </dev/null
  code=$?
  if [ "$code" -eq "$want_code" ] && matches "$scratch/want_out" "$scratch/out" &&
    matches "$scratch/want_err" "$scratch/err"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $file: $name"
    echo "     $run"
    echo "     exit $code, expected $want_code"
    sed 's/^/     out> /' "$scratch/out" | head -20
    sed 's/^/     err> /' "$scratch/err" | head -20
  fi
}

for file in "$@"; do
  rm -rf "$scratch/here"
  mkdir "$scratch/here"
  name=
  while IFS= read -r line || [ -n "$line" ]; do
    text=${line#*:}
    text=${text# }
    case $line in
      'case: '*)
        settle
        name=$text run=: want_code=0
        : >"$scratch/want_out"
        : >"$scratch/want_err"
        ;;
      'run: '*) run=$text ;;
      'exit: '*) want_code=$text ;;
      'out:'*) printf '%s\n' "$text" >>"$scratch/want_out" ;;
      'err:'*) printf '%s\n' "$text" >>"$scratch/want_err" ;;
      '' | '#'*) ;;
      *)
        echo "$file: cannot read: $line"
        exit 2
        ;;
    esac
  done <"$file"
  settle
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
