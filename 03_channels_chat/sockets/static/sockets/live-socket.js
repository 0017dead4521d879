// A WebSocket that comes back: after a lost connection it tries again, later each time.
// liveSocket("/ws/…/", { onFrame(object), onState("connecting" | "open" | "waiting" | "ended", words) })
"use strict";

function liveSocket(address, { onFrame, onState }) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  let socket, timer, tries = 0;

  function connect() {
    clearTimeout(timer);
    onState("connecting", "Connecting …");
    socket = new WebSocket(`${scheme}://${location.host}${address}`);
    socket.onopen = () => onState("open", "Connected.");
    socket.onmessage = (event) => { tries = 0; onFrame(JSON.parse(event.data)); };
    socket.onclose = (event) => lost(event.code);
  }

  function lost(code) {
    if (code === 4404) return onState("ended", "There is nothing at this address.");
    // Twice as long each time, at most 5 s; times chance, so that a hundred pages
    // that lost the same server do not all knock at the same moment.
    const longest = Math.min(5, 0.5 * 2 ** tries++);
    const seconds = (code === 4429 ? 3 : 0.2) + longest * Math.random();
    const why = code === 4429 ? "Too fast: the server closed the line." : "The line is lost.";
    onState("waiting", `${why} Trying again in ${seconds.toFixed(1)} s …`);
    timer = setTimeout(connect, seconds * 1000);
  }

  addEventListener("online", () => { if (socket.readyState === WebSocket.CLOSED) connect(); });
  connect();
  return {
    // Says whether it could be sent.
    send(object) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(object));
      return true;
    },
  };
}
