// Four cards, two sockets each; A sends, and the card says who heard it and when.
"use strict";

const form = document.getElementById("steps-form");
const button = form.querySelector("button");
const open = new Set(); // of the eight sockets

const cards = [...document.querySelectorAll("[data-address]")].map((card) => {
  const list = card.querySelector("ol");
  let sentAt = 0;

  function say(line) {
    const item = document.createElement("li");
    item.textContent = line;
    list.append(item);
    if (list.children.length > 8) list.firstChild.remove();
  }
  const sockets = ["A", "B"].map((name) => liveSocket(card.dataset.address, {
    onFrame(frame) {
      const after = (performance.now() - sentAt).toFixed(1);
      say(`${name} hears “${frame.message ?? frame.error}” after ${after} ms`);
    },
    onState(state, words) {
      const socket = card.dataset.address + name;
      if (state === "open") open.add(socket); else open.delete(socket);
      button.disabled = open.size < 2 * document.querySelectorAll("[data-address]").length;
      if (state === "waiting") say(`${name}: ${words}`);
    },
  }));
  return (message) => { sentAt = performance.now(); sockets[0].send({ message }); };
});

form.onsubmit = (event) => {
  event.preventDefault();
  const message = document.getElementById("steps-message").value;
  // One after the other: at once, each would wait for the steps before it.
  cards.forEach((send, number) => setTimeout(send, 250 * number, message));
};
