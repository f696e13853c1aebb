/* Times in Phnom Penh, numbers as people write them, segments of a text. */

const ZONE = "Asia/Phnom_Penh";
const hm = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const hms = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const clockTime = (moment) => hm.format(moment);
export const exactTime = (moment) => hms.format(moment);

/* +85512345678 -> 012 345 678 */
export function showNumber(number) {
  if (!number.startsWith("+855")) return number;
  return `0${number.slice(4)}`.replace(/^(\d{3})(\d{3})(\d+)$/, "$1 $2 $3");
}

/* 00:31 */
export function lasting(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 60), whole % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

export function countSegments(text) {
  const [alone, joined] = GSM.test(text) ? [160, 153] : [70, 67];
  return { units: text.length, room: alone, parts: text.length <= alone ? 1 : Math.ceil(text.length / joined) };
}
