// A Worker that does nothing: what any Worker costs.

export default {
  fetch() {
    return new Response("ok");
  },
};
