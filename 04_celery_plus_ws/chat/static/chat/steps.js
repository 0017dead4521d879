// Four cards, two sockets each; A sends, and the card says who heard it and when.
"use strict";

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
    onState(state, words) { if (state !== "open" && state !== "connecting") say(`${name}: ${words}`); },
  }));
  return (message) => { sentAt = performance.now(); sockets[0].send({ message }); };
});

document.getElementById("steps-form").onsubmit = (event) => {
  event.preventDefault();
  cards.forEach((send) => send(document.getElementById("steps-message").value));
};
