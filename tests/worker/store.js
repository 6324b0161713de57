// A KV namespace for workerd, which asks this Worker by HTTP.

const kept = new Map();

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (request.method === "PUT") {
      kept.set(pathname, await request.text());
      return new Response();
    }
    const value = kept.get(pathname);
    return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
  },
};
