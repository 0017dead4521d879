// Four cards, two sockets each. A sends, and the card says who heard it and after how long.
// One card at a time, so that none waits for another's work; many rounds, for one time alone
// is chance. The median is shown: as many were faster as were slower.
"use strict";

const ROUNDS = 25;
const PAUSE = 15; // ms after each: a socket may send 20 frames a second
const TOO_LONG = 3000; // ms
const form = document.getElementById("steps-form");
const button = form.querySelector("button");
const open = new Set(); // of the eight sockets
const nap = (ms) => new Promise((done) => setTimeout(done, ms));

const cards = [...document.querySelectorAll("[data-address]")].map((card) => {
  const list = card.querySelector("ol");
  const times = { A: [], B: [] };
  let sentAt = 0, said = "", waitsFor = 0, allHeard = () => {};

  function show() {
    const lines = Object.entries(times).filter(([, all]) => all.length).map(([name, all]) => {
      const median = [...all].sort((a, b) => a - b)[all.length >> 1];
      const item = document.createElement("li");
      item.textContent = `${name} hears “${said}” after ${median.toFixed(1)} ms, median of ${all.length}`;
      return item;
    });
    list.replaceChildren(...lines);
  }

  const sockets = ["A", "B"].map((name) => liveSocket(card.dataset.address, {
    onFrame(frame) {
      if (!waitsFor) return; // another window's
      said = frame.message ?? frame.error;
      times[name].push(performance.now() - sentAt);
      waitsFor -= 1;
      if (waitsFor === 0) allHeard();
    },
    onState(state) {
      const socket = card.dataset.address + name;
      if (state === "open") open.add(socket); else open.delete(socket);
      button.disabled = open.size < 2 * document.querySelectorAll("[data-address]").length;
    },
  }));

  return {
    clear() { times.A = []; times.B = []; },
    show,
    async round(message) {
      waitsFor = Number(card.dataset.hear);
      const heard = new Promise((done) => { allHeard = done; });
      sentAt = performance.now();
      sockets[0].send({ message });
      await Promise.race([heard, nap(TOO_LONG)]);
      await nap(PAUSE);
    },
  };
});

form.onsubmit = async (event) => {
  event.preventDefault();
  const message = document.getElementById("steps-message").value;
  button.disabled = true;
  for (const card of cards) card.clear();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const card of cards) await card.round(message);
  }
  for (const card of cards) card.show();
  button.disabled = false;
};
