// Runs a job in a page: the one who opened it calls this.

import job from "./job.js";

globalThis.job = async (input) => JSON.stringify(await job(JSON.parse(input)));
