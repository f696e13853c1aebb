/* The wire to the phone company: news by server-sent events, acts by POST. */

export async function post(path, body = {}) {
  const reply = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!reply.ok) {
    const words = await reply.json().catch(() => ({}));
    throw new Error(words.error || `status ${reply.status}`);
  }
  return reply.json();
}

export const remove = (path) => fetch(path, { method: "DELETE" });

const lastAct = new Map();

/* What one phone does arrives in the order it was done: quick keys must not overtake each other. */
function inOrder(phone, send) {
  const next = (lastAct.get(phone) || Promise.resolve()).then(send).catch((error) => {
    document.dispatchEvent(new CustomEvent("trouble", { detail: error.message }));
  });
  lastAct.set(phone, next);
  return next;
}

export function act(phone, action, body) {
  return inOrder(phone, () => post(`/api/phones/${phone}/${action}`, body));
}

export function sendVoice(phone, wav) {
  const headers = { "Content-Type": "audio/wav" };
  return inOrder(phone, () => fetch(`/api/phones/${phone}/speak`, { method: "POST", headers, body: wav }));
}

export function listen(onNews, onLost) {
  const source = new EventSource("/api/events");
  source.onmessage = (event) => onNews(JSON.parse(event.data));
  source.onerror = () => onLost();
}
