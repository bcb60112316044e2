#!/bin/sh
# Save, kill -9, resume: the final hashes are those of a run nobody disturbed.
#
#   kill.sh HEDON STEPS     four times as many, and so on, where a run is quicker than the kill
set -eu
hedon=$1
steps=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset HEDON_ISA
hashes() { grep -o '"hash":"[0-9a-f]*"' "$1"; }

# train METHOD STEPS FLAGS...
train() {
  method=$1
  n=$2
  shift 2
  exec $hedon train CartPole-v1 --seed 3 --seeds 2 --threads 2 --quiet --json --method "$method" \
    --steps "$n" --set overtrain=0 eval_every=$((n / 60)) eval_episodes=10 "$@"
}

# Kill a run of METHOD for STEPS as soon as it has saved; fails if it was quicker.
kill_one() {
  rm -rf kept
  train "$1" "$2" --out kept >killed &
  child=$!
  until ls kept/checkpoint-*.hd >found 2>/dev/null; do
    kill -0 $child 2>/dev/null || break
  done
  kill -9 $child 2>/dev/null || :
  wait $child && code=0 || code=$?
  [ $code -eq 137 ]
}

for method in neuron-agent neuron-agent-online reparam-st layer-agent-ppo narla svpg; do
  case $method in
    layer-agent-ppo | narla | svpg) n=$((steps / 10)) ;; # whose steps take longer
    *) n=$steps ;;
  esac
  until kill_one $method "$n"; do
    n=$((n * 4))
    if [ $n -gt $((steps * 300)) ]; then
      echo "FAIL $method: always quicker than the kill"
      exit 1
    fi
  done
  (train $method $n) >whole
  $hedon resume kept --quiet --json >resumed
  if [ "$(hashes whole | wc -l)" -ne 2 ] || [ "$(hashes whole)" != "$(hashes resumed)" ]; then
    echo "FAIL $method: other hashes after kill and resume"
    hashes whole
    hashes resumed
    exit 1
  fi
  echo "ok   $method, killed within $n steps"
done

# Two signals at once, as timeout(1) sends them, are one request to save and stop.
rm -rf kept
$hedon train CartPole-v1 --quiet --steps 1000000000 --set overtrain=0 --out kept >stopped 2>&1 &
child=$!
until [ -s kept/metrics.jsonl ]; do
  kill -0 $child 2>/dev/null || break
done
kill -TERM $child
kill -TERM $child 2>/dev/null || :
wait $child && code=0 || code=$?
if [ $code -ne 143 ] || ! grep -q "hedon resume kept" stopped; then
  echo "FAIL two signals at once: exit code $code"
  cat stopped
  exit 1
fi
echo "ok   two signals at once"
