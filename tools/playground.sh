#!/bin/sh
# Compile the library to WebAssembly and make the page of the playground: one file that holds all it
# needs, served by anything or opened from the disk (docs/playground.md).
#
#   tools/playground.sh [FOLDER]      FOLDER/index.html (default: build-playground)
#
# Exits with 77 where emscripten is not installed.
set -eu
cd "$(dirname "$0")/.."
to=${1:-build-playground}
command -v emcmake >/dev/null || {
  echo "emscripten is not installed: the playground is not built (Debian: apt install emscripten)" >&2
  exit 77
}
export NODE_PATH="/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}" # where Debian keeps emscripten's modules
mkdir -p "$to"
to=$(cd "$to" && pwd)
{
  emcmake cmake -S . -B "$to/wasm" -DCMAKE_BUILD_TYPE=Release -DHEDON_BOX2D=OFF -DHEDON_MUJOCO=OFF &&
    cmake --build "$to/wasm" --target hedon_engine --parallel "$(nproc)"
} >"$to/build.log" 2>&1 || {
  cat "$to/build.log" >&2
  exit 1
}

# Modules of the page, each after those it uses, as one script: imports and exports fall away, since
# names of different files differ. Comments and indentation stay with the source.
join() {
  sed -e '/^import /d' -e 's/^ *//' -e 's/^export //' -e '/^\/\/ /d' "$@"
}
shared=web/shared page=web/playground
cat $shared/look.css $page/page.css >"$to/style"
# Compressed before it becomes text: letters for six bits each hide from gzip what repeats.
gzip -9 -n -c "$to/wasm/hedon_engine.wasm" | base64 >"$to/code"
{
  cat "$to/wasm/hedon_engine.js"
  join $page/protocol.js $page/learner.js $page/worker.js
} >"$to/engine"
join $shared/ink.js $shared/surface.js $shared/scale.js $shared/curve.js $shared/activity.js $shared/credit.js \
  $shared/error.js $shared/raster.js $shared/neuron.js $shared/matrix.js $shared/world_*.js $shared/world.js \
  $shared/view_html.js $shared/view_hand.js $shared/view.js \
  $page/address.js $page/agents.js $page/next.js $page/settings.js $page/page.js >"$to/script"
# A line "@name@" of the page is the file of that name.
awk -v from="$to" '/^@[a-z]+@$/ { file = from "/" substr($0, 2, length($0) - 2)
    while ((getline line < file) > 0) print line
    close(file); next }
  { print }' $page/page.html >"$to/index.html.part"
mv "$to/index.html.part" "$to/index.html"
rm "$to/style" "$to/code" "$to/engine" "$to/script"
echo "$to/index.html: $(wc -c <"$to/index.html") bytes, $(gzip -9 -c "$to/index.html" | wc -c) compressed"
