// Steps of learning per second of CPU by the engine of the playground in Node, whose V8 is Chromium's.
//
//   node playground_speed.js ENGINE TASK METHOD STEPS      ENGINE: hedon_engine.js of tools/playground.sh,
//                                                          hedon_engine.wasm beside it
const fs = require("fs"), path = require("path");
const [engine, task, method, steps] = process.argv.slice(2);

require(path.resolve(engine))({ wasmBinary: fs.readFileSync(engine.replace(/js$/, "wasm")) }).then((module) => {
  const call = (name, ...words) => module.cwrap("engine_" + name, "string", words.map((w) => typeof w))(...words);
  const check = (sentence) => {
    if (sentence !== "") {
      throw new Error(sentence);
    }
  };
  const taken = () => JSON.parse(call("stats")).steps;
  check(call("start"));
  check(call("configure", task, method));
  check(call("set", "steps", steps));
  check(call("begin", "1000"));
  const before = process.cpuUsage();
  check(call("train", Number(steps)));
  const { user, system } = process.cpuUsage(before);
  console.log(taken() / ((user + system) / 1e6));
});
