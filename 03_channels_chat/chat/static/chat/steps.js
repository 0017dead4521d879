// Four cards, two sockets each. A sends, and the card says who heard it and after how long.
// One card at a time, so that none waits for another's work; many rounds, because one time
// alone is chance. The median is shown: as many were faster as were slower.
"use strict";

const ROUNDS = 25;
const PAUSE = 15; // ms after each: a socket may send 20 frames a second
const TOO_LONG = 3000; // ms
const form = document.getElementById("steps-form");
const button = form.querySelector("button");
const open = new Set(); // of the eight sockets
const nap = (ms) => new Promise((done) => setTimeout(done, ms));

const cards = [...document.querySelectorAll("[data-address]")].map((card) => {
  let times, said, sentAt, waitsFor = 0, allHeard;

  const sockets = ["A", "B"].map((name) => liveSocket(card.dataset.address, {
    onFrame(frame) {
      if (!waitsFor) return; // another window's
      said = frame.message ?? frame.error;
      times[name].push(performance.now() - sentAt);
      waitsFor -= 1;
      if (!waitsFor) allHeard();
    },
    onState(state) {
      const socket = card.dataset.address + name;
      if (state === "open") open.add(socket); else open.delete(socket);
      button.disabled = open.size < 2 * document.querySelectorAll("[data-address]").length;
    },
  }));

  return {
    clear() { times = { A: [], B: [] }; },
    async round(message) {
      waitsFor = Number(card.dataset.hear);
      sentAt = performance.now();
      sockets[0].send({ message });
      await Promise.race([new Promise((done) => { allHeard = done; }), nap(TOO_LONG)]);
      await nap(PAUSE);
    },
    show() {
      card.querySelector("ol").replaceChildren(...["A", "B"].filter((name) => times[name].length).map((name) => {
        const item = document.createElement("li");
        const all = times[name].sort((a, b) => a - b);
        const median = all[all.length >> 1].toFixed(1);
        item.textContent = `${name} hears “${said}” after ${median} ms, median of ${all.length}`;
        return item;
      }));
    },
  };
});

form.onsubmit = async (event) => {
  event.preventDefault();
  button.disabled = true;
  for (const card of cards) card.clear();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const card of cards) await card.round(document.getElementById("steps-message").value);
  }
  for (const card of cards) card.show();
  button.disabled = false;
};
