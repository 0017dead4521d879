// Shows a file that grows.
"use strict";

const byId = (id) => document.getElementById(id);
const followed = byId("followed");
const MOST = 200000; // characters kept in the page

liveSocket("/ws/follow/", {
  onFrame(frame) {
    if (!("message" in frame)) return;
    const before = frame.new ? "" : followed.textContent;
    followed.textContent = (before + frame.message).slice(-MOST);
    followed.scrollTop = followed.scrollHeight;
  },
  onState(state, words) {
    byId("line").textContent = words;
    byId("line").className = state === "open" ? "good" : "bad";
  },
});

byId("ring-form").onsubmit = (event) => {
  event.preventDefault();
  const form = event.target;
  fetch(form.action, { method: "POST", body: new FormData(form) });
};
