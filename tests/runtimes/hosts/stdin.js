// Runs a job in Node.js, Deno or Bun: input and output as JSON, on the standard streams. In Deno these need no
// permission, unlike files.

import process from "node:process";
import { buffer } from "node:stream/consumers";
import job from "./job.js";

const input = JSON.parse((await buffer(process.stdin)).toString());
process.stdout.write(JSON.stringify(await job(input)));
