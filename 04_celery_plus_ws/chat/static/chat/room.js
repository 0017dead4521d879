// The chat of one room. Text goes into the page as text, never as HTML.
"use strict";

const byId = (id) => document.getElementById(id);
const [log, input, heard] = ["chat-log", "chat-message-input", "last-heard"].map(byId);
const MOST_LINES = 500;
let shown = new Set(); // ids of the messages in the log
let sentLast = "";

function addLine(line) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const lines = (log.value + line + "\n").split("\n");
  log.value = lines.slice(-MOST_LINES - 1).join("\n");
  heard.textContent = line;
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function showPeople({ here, count }) {
  byId("people").replaceChildren(...here.map((name) => {
    const item = document.createElement("li");
    item.textContent = name;
    return item;
  }));
  byId("people-count").textContent = count;
}

function onFrame(frame) {
  byId("refusal").textContent = frame.error || "";
  if (frame.error && !input.value) input.value = sentLast; // it was not delivered: keep the words
  // After a reconnect the server tells the last messages again.
  if ("message" in frame && !shown.has(frame.id)) {
    shown.add(frame.id);
    addLine(`${frame.name}: ${frame.message}`);
  }
  if (frame.here) showPeople(frame);
  if (frame.event === "welcome") byId("my-name").textContent = frame.name;
  if (frame.event === "join") addLine(`— ${frame.name} is here —`);
  if (frame.event === "leave") addLine(`— ${frame.name} has left —`);
}

function onState(state, words) {
  byId("line").textContent = words;
  byId("line").className = state === "open" ? "good" : "bad";
  byId("chat-message-submit").disabled = state !== "open";
}

// A guest keeps one number in all tabs, so that the room sees one guest.
function guestNumber() {
  let number = localStorage.getItem("guest");
  if (!/^[a-z0-9]{4,12}$/.test(number || "")) {
    number = Math.random().toString(36).slice(2, 6).padEnd(4, "0");
    localStorage.setItem("guest", number);
  }
  return number;
}

const room = JSON.parse(byId("room-name").textContent);
const socket = liveSocket(
  `/ws/chat/${encodeURIComponent(room)}/?news=1&guest=${guestNumber()}`, { onFrame, onState });

byId("chat-form").onsubmit = (event) => {
  event.preventDefault();
  const message = input.value;
  if (message.trim() && socket.send({ message })) {
    sentLast = message;
    input.value = "";
  }
  input.focus();
};
input.focus();
