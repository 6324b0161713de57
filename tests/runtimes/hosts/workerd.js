// Runs a job in a Worker: input and output as JSON.

import job from "./job.js";

export default {
  async fetch(request) {
    try {
      return Response.json(await job(await request.json()));
    } catch (error) {
      return new Response(`${error.stack ?? error}`, { status: 500 });
    }
  },
};
