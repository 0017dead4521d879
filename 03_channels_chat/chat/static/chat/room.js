// The chat of one room. Text goes into the page as text, never as HTML.
"use strict";

const byId = (id) => document.getElementById(id);
const [log, talk, input, heard] = ["chat-log", "talk", "chat-message-input", "last-heard"].map(byId);
const zone = { timeZone: document.documentElement.dataset.zone }; // the school's clock
const MOST_LINES = 500;
let lines = []; // { id, text }: messages in the order of their ids, news where it came
let myName = "";
let unsent = []; // written before the line was open
let waiting = []; // sent, and not heard again yet
let putBack = "";

function addLine(text, frame = {}) {
  const { id } = frame;
  if (id && lines.some((line) => line.id === id)) return; // told again after a reconnect
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
  const later = lines.findIndex((line) => id && line.id > id);
  const place = later < 0 ? lines.length : later;
  lines.splice(place, 0, { id, text });
  talk.insertBefore(id ? saidBy(frame) : make("li", text), talk.children[place] || null);
  if (lines.length > MOST_LINES) lines.shift() && talk.firstChild.remove();
  log.value = lines.map((line) => line.text + "\n").join("");
  heard.textContent = text;
  if (atEnd) [talk, log].forEach((box) => { box.scrollTop = box.scrollHeight; });
}

function make(tag, ...children) {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

// A message with its name and time. One's own stand at the right.
function saidBy({ name, message, at }) {
  const time = new Date(at).toLocaleTimeString("en-GB", zone);
  const item = make("li", make("small", `${name} ${time}`), make("span", message));
  item.dataset.name = name;
  item.classList.toggle("mine", name === myName);
  return item;
}

// The messages of before come before we know what we are called.
function called(name) {
  byId("my-name").textContent = myName = name;
  for (const item of talk.children) item.classList.toggle("mine", item.dataset.name === name);
}

function showPeople({ here, count }) {
  byId("people").replaceChildren(...here.map((name) => make("li", name)));
  byId("people-count").textContent = count;
}

function onFrame(frame) {
  if (frame.error) refused(frame.error);
  if ("message" in frame) {
    if (frame.name === myName && !frame.old) arrived(frame.message);
    addLine(`${frame.name}: ${frame.message}`, frame);
  }
  if (frame.here) showPeople(frame);
  if (frame.event === "welcome") called(frame.name);
  if (frame.event === "join") addLine(`— ${frame.name} is here —`);
  if (frame.event === "leave") addLine(`— ${frame.name} has left —`);
}

// Puts the words back, if it is sure which ones were refused and nothing was written since.
function refused(reason) {
  byId("refusal").textContent = reason;
  putBack = waiting.length === 1 && !input.value ? waiting[0] : "";
  if (putBack) input.value = putBack;
  waiting = [];
}

function arrived(message) {
  if (message === putBack && input.value === putBack) input.value = ""; // kept after all
  waiting = waiting.filter((words) => words !== message);
}

function onState(state, words) {
  byId("line").textContent = words;
  byId("line").className = state === "open" ? "good" : "bad";
  byId("chat-message-submit").disabled = state === "waiting" || state === "ended";
  if (state === "open") unsent.splice(0).forEach(say);
}

function say(message) {
  (socket && socket.send({ message }) ? waiting : unsent).push(message);
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
let socket = null;
socket = liveSocket(
  `/ws/chat/${encodeURIComponent(room)}/?news=1&guest=${guestNumber()}`, { onFrame, onState });

byId("chat-form").onsubmit = (event) => {
  event.preventDefault();
  const message = input.value;
  if (message.trim()) {
    byId("refusal").textContent = "";
    input.value = "";
    say(message);
  }
  input.focus();
};
input.focus();
