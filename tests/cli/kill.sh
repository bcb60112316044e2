#!/bin/sh
# Save, kill -9, resume: the final hashes are those of a run nobody disturbed.
#
#   kill.sh HEDON STEPS     enough steps that the kill comes first
set -eu
hedon=$1
steps=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset HEDON_ISA
run="train CartPole-v1 --seed 3 --seeds 2 --threads 2 --quiet --json --steps $steps"
run="$run --set overtrain=0 eval_every=$((steps / 60)) eval_episodes=10"
hashes() { grep -o '"hash":"[0-9a-f]*"' "$1"; }

for method in neuron-agent neuron-agent-online reparam-st; do
  $hedon $run --method $method >whole
  rm -rf kept
  $hedon $run --method $method --out kept >killed &
  child=$!
  until ls kept/checkpoint-*.hd >found 2>/dev/null; do
    kill -0 $child 2>/dev/null || break
  done
  kill -9 $child 2>/dev/null || echo "$method: it was quicker than the kill"
  wait $child 2>/dev/null || :
  $hedon resume kept --quiet --json >resumed
  if [ "$(hashes whole)" != "$(hashes resumed)" ]; then
    echo "FAIL $method: other hashes after kill and resume"
    hashes whole
    hashes resumed
    exit 1
  fi
  echo "ok   $method"
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
