// The cache of a data centre for workerd, which has none: it asks this Worker by HTTP. Freshness is kept as a real cache
// keeps it, by `max-age`, or tests would see documents that a data centre had dropped.

const kept = new Map();

export default {
  async fetch(request) {
    const { method, url } = request;
    if (method === "PUT") {
      return put(url, await request.text());
    }
    if (method === "PURGE") {
      return new Response(null, { status: kept.delete(url) ? 200 : 404 });
    }
    return get(url);
  },
};

/** The body of a PUT is a whole response, head and all. */
function put(url, message) {
  const end = message.indexOf("\r\n\r\n");
  const [first, ...lines] = message.slice(0, end).split("\r\n");
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
  const status = Number(first.split(" ")[1]);
  const age = /max-age=(\d+)/.exec(new Headers(headers).get("cache-control") ?? "");
  kept.set(url, { status, headers, body: message.slice(end + 4), until: Date.now() + Number(age?.[1] ?? 0) * 1000 });
  return new Response(null, { status: 204 });
}

function get(url) {
  const entry = kept.get(url);
  if (!entry || Date.now() >= entry.until) {
    return new Response(null, { status: 504, headers: { "cf-cache-status": "MISS" } });
  }
  const { status, headers, body } = entry;
  return new Response(body, { status, headers: [...headers, ["cf-cache-status", "HIT"]] });
}
