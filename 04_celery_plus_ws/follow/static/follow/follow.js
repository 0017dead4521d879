// Shows a file that grows.
"use strict";

const byId = (id) => document.getElementById(id);
const followed = byId("followed");
const MOST = 200000; // characters kept in the page

// Only what is new is put into the page: a screen reader reads what was put in.
function show({ message, new: isNew }) {
  const before = followed.textContent;
  // After a reconnect the server begins anew, mostly with what is here already.
  if (isNew && message.startsWith(before)) message = message.slice(before.length);
  else if (isNew) followed.replaceChildren();
  if (message) followed.append(message);
  let length = followed.textContent.length;
  while (length > MOST && followed.childNodes.length > 1) {
    length -= followed.firstChild.length;
    followed.firstChild.remove();
  }
  followed.scrollTop = followed.scrollHeight;
  // What was in the file before is there to be read, but not read out.
  requestAnimationFrame(() => { followed.ariaLive = "polite"; });
}

liveSocket("/ws/follow/", {
  onFrame(frame) {
    if ("message" in frame) show(frame);
  },
  onState(state, words) {
    byId("line").textContent = words;
    byId("line").className = state === "open" ? "good" : "bad";
  },
});

byId("ring-form").onsubmit = async (event) => {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  byId("refusal").textContent = answer.ok ? "" : await answer.text();
};
