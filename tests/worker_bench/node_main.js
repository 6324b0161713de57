// Measures one library in a process of its own: `node node_main.js LIBRARY GROUND`.
//
// Standard input says what to do, a line each; each gets one line as its answer.
//   prove ROW              whether the row refuses a forged token and takes a sound one
//   measure ROW FROM COUNT the microseconds of CPU and of wall clock for each of COUNT tokens, from the place FROM on

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [, , library, file] = process.argv;
const ground = JSON.parse(readFileSync(file, "utf8"));
const { open } = await import(`./node_${library}.js`);
const rows = await open(ground);

const acts = {
  async prove(row) {
    const { check, algorithm } = rows[row];
    // First the forged one, so that it cannot profit from anything that is remembered of the sound one.
    const { forged, sound } = ground.proofs[algorithm];
    return (await takes(check, forged)) || !(await takes(check, sound)) ? "broken" : "sound";
  },

  async measure(row, from, count) {
    const { check, algorithm } = rows[row];
    const tokens = ground.tokens[algorithm].slice(Number(from), Number(from) + Number(count));
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    for (const token of tokens) {
      const outcome = check(token);
      // To wait for what is there already would be measured, too.
      if (outcome instanceof Promise) {
        await outcome;
      }
    }
    const wall = Number(process.hrtime.bigint() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return `${(user + system) / tokens.length} ${wall / tokens.length}`;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [act, ...rest] = line.split(" ");
  process.stdout.write(`${await acts[act](...rest)}\n`);
}

async function takes(check, token) {
  try {
    await check(token);
    return true;
  } catch {
    return false;
  }
}
