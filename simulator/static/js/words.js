/* Every word of the page: [Khmer (draft), English]. */

export const WORDS = {
  phone: ["ទូរស័ព្ទ", "Phone"],
  messages: ["សារ", "Messages"],
  call: ["ហៅ", "Call"],
  hang_up: ["ដាក់ចុះ", "Hang up"],
  answer: ["ទទួល", "Answer"],
  decline: ["មិនទទួល", "Decline"],
  send: ["ផ្ញើ", "Send"],
  write_here: ["សរសេរសារ…", "Write a message"],
  no_messages: ["មិនទាន់មានសារ", "No messages yet"],
  number: ["លេខទូរស័ព្ទ", "Phone number"],
  dialing: ["កំពុងហៅ…", "Calling"],
  ringing_in: ["មានគេហៅចូល", "Incoming call"],
  talking: ["កំពុងនិយាយ", "On a call"],
  over: ["ការហៅបានចប់", "Call ended"],
  completed: ["ចប់ធម្មតា", "completed"],
  busy: ["រវល់", "busy"],
  "no-answer": ["គ្មានអ្នកទទួល", "no answer"],
  failed: ["មិនបានសម្រេច", "failed"],
  canceled: ["បានលុបចោល", "canceled"],
  press_key: ["សូមចុចលេខ", "Press a key"],
  speak_now: ["សូមនិយាយ រួចចុច #", "Speak, then press #"],
  idle: ["ចុចហៅ ដើម្បីតទៅខ្សែទូរស័ព្ទ", "Press Call to reach the line"],
  connected: ["អ្នកទាំងពីរកំពុងនិយាយគ្នា", "The two of you are talking"],
  beep: ["ប៊ីប", "beep"],
  microphone: ["ប្រើមីក្រូហ្វូន", "Use microphone"],
  stop_microphone: ["ឈប់ថត", "Stop"],
  pretend: ["ធ្វើជានិយាយ ៨ វិនាទី", "Speak for 8 s"],
  sound_on: ["សំឡេងបើក", "Sound on"],
  sound_off: ["សំឡេងបិទ", "Sound off"],
  log: ["កំណត់ហេតុ", "Log"],
  faults: ["កំហុស", "Faults"],
  desk: ["បុគ្គលិក", "Staff desk"],
  close: ["បិទ", "Close"],
  clear: ["លុប", "Clear"],
  is_on: ["ទូរស័ព្ទបើក", "Switched on"],
  withholds: ["លាក់លេខពេលហៅ", "Hide my number"],
  settings: ["ការកំណត់", "Settings"],
  rub: ["លុបមួយ", "Delete"],
  new_phone: ["បន្ថែមទូរស័ព្ទ", "Add a phone"],
  name: ["ឈ្មោះ", "Name"],
  add: ["បន្ថែម", "Add"],
  arm: ["ដាក់", "Arm"],
  armed: ["កំពុងរង់ចាំ", "Armed"],
  nothing_armed: ["គ្មានកំហុស", "None armed"],
  later: ["ថយ/ទៅមុខ", "Forward"],
  sound_blocked: ["ចុចកន្លែងណាមួយ ដើម្បីឮសំឡេង", "Tap anywhere to hear sound"],
  lost: ["កំពុងភ្ជាប់ឡើងវិញ…", "Connecting again"],
  no_log: ["មិនទាន់មានអ្វីទេ", "Nothing yet"],
  scratch: ["សំឡេងព្រាង", "scratch"],
  state_sent: ["បានផ្ញើ", "sent"],
  state_delivered: ["បានដល់", "delivered"],
  state_failed: ["មិនដល់", "not delivered"],
  "kind call": ["ការហៅ", "call"],
  "kind call status": ["ស្ថានភាពការហៅ", "call status"],
  "kind text": ["សារចូល", "text"],
  "kind receipt": ["បង្កាន់ដៃសារ", "receipt"],
  "kind recording": ["សំឡេងថត", "recording"],
  "kind problem": ["បញ្ហា", "problem"],
  board: ["កំពុងកើតឡើង", "Now on the lines"],
  calls_back: ["ហៅទៅវិញ", "rings back"],
  screen_shows: ["លេខដែលទូរស័ព្ទបង្ហាញ", "The number each phone shows"],
  joined_with: ["កំពុងនិយាយជាមួយ", "talks with"],
  "board rings": ["កំពុងរោទ៍", "rings"],
  "board listens": ["កំពុងស្ដាប់", "on the line"],
  "board talks": ["កំពុងនិយាយគ្នា", "talk"],
  "board ended": ["ចប់", "ended"],
  "board declined": ["មិនទទួល", "declined"],
  "board turned_away": ["មិនឆ្លើយ មិនគិតលុយ", "turned away, free"],
  "board busy": ["រវល់", "busy"],
  "board no_answer": ["គ្មានអ្នកទទួល", "no answer"],
  "board failed": ["មិនបានសម្រេច", "failed"],
  "board canceled": ["បានលុបចោល", "canceled"],
  "board queued": ["កំពុងផ្ញើ", "on its way"],
  "board received": ["កំពុងផ្ញើ", "on its way"],
  "board sent": ["បានផ្ញើ", "sent"],
  "board delivered": ["បានដល់", "arrived"],
  "board undelivered": ["មិនដល់", "did not arrive"],
  min1: ["+១ នាទី", "1 min"],
  min2: ["+២ នាទី", "2 min"],
  min5: ["+៥ នាទី", "5 min"],
  min30: ["+៣០ នាទី", "30 min"],
  hour: ["+១ ម៉ោង", "1 hour"],
};

export function say(key) {
  const [km, en] = WORDS[key] || [key, ""];
  return en ? `${km} ${en}` : km;
}

/* Fill an element with a label: Khmer first, English small. */
export function label(node, key) {
  const [km, en] = WORDS[key] || [key, ""];
  const small = document.createElement("span");
  small.lang = "en";
  small.textContent = en;
  node.replaceChildren(`${km} `, small);
  return node;
}

export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function button(key, className, act) {
  const node = make("button", className);
  node.type = "button";
  label(node, key);
  node.addEventListener("click", act);
  return node;
}
