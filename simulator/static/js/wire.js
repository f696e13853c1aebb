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

export function act(phone, action, body) {
  return post(`/api/phones/${phone}/${action}`, body).catch((error) => {
    document.dispatchEvent(new CustomEvent("trouble", { detail: error.message }));
  });
}

export function sendVoice(phone, wav) {
  return fetch(`/api/phones/${phone}/speak`, {
    method: "POST",
    headers: { "Content-Type": "audio/wav" },
    body: wav,
  });
}

export function listen(onNews, onLost) {
  const source = new EventSource("/api/events");
  source.onmessage = (event) => onNews(JSON.parse(event.data));
  source.onerror = () => onLost();
}
