// A WebSocket that comes back: after a lost connection it tries again, later each time.
// liveSocket("/ws/…/", { onFrame(object), onState("connecting" | "open" | "waiting" | "ended", words) })
"use strict";

// The codes of sockets/close_codes.py. After an ending another try would end alike.
const TOO_FAST = 4429;
const ENDINGS = { 4401: "You are logged out. Log in to go on.", 4404: "There is nothing at this address." };

function liveSocket(address, { onFrame, onState }) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  let socket, timer, tries = 0, stopped = false;

  function connect() {
    clearTimeout(timer);
    onState("connecting", "Connecting …");
    socket = new WebSocket(`${scheme}://${location.host}${address}`);
    socket.onopen = () => onState("open", "Connected.");
    socket.onmessage = (event) => { tries = 0; onFrame(JSON.parse(event.data)); };
    socket.onclose = (event) => lost(event.code);
  }

  function lost(code) {
    if (stopped) return;
    if (code in ENDINGS) return onState("ended", ENDINGS[code]);
    // Twice as long each time, at most 5 s; times chance, so that a hundred pages
    // that lost the same server do not all knock at the same moment.
    const longest = Math.min(5, 0.5 * 2 ** tries++);
    const seconds = (code === TOO_FAST ? 3 : 0.2) + longest * Math.random();
    const why = code === TOO_FAST ? "Too fast: the server closed the line." : "The line is lost.";
    onState("waiting", `${why} Trying again in ${seconds.toFixed(1)} s …`);
    timer = setTimeout(connect, seconds * 1000);
  }

  addEventListener("online", () => { if (!stopped && socket.readyState === WebSocket.CLOSED) connect(); });
  connect();
  return {
    // Says whether it could be sent.
    send(object) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(object));
      return true;
    },
    // No more tries: there is nothing left to hear.
    stop() {
      stopped = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
