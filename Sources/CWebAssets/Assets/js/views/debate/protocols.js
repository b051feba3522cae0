// The six ways to debate, as a person chooses among them: what happens, and what it is honestly good for.

/**
 * @typedef {object} ProtocolCard
 * @property {import("./words.js").Protocol} id
 * @property {string} sentence what happens
 * @property {string} advice when to choose it, and when not
 * @property {[number, number]} seats how few and how many sit there
 * @property {string|null} judge what the one outside the panel is called; null where it hardly ever speaks
 */

/** @type {ProtocolCard[]} */
export const PROTOCOLS = [
    {
        id: "vote", seats: [2, 6], judge: null,
        sentence: "All answer by themselves; the answer that most give is taken.",
        advice: "The best evidence per dollar, for questions with one right answer.",
    },
    {
        id: "revise", seats: [2, 6], judge: null,
        sentence: "All answer, read each other without names, and answer once more.",
        advice: "Shows who changes their mind, and why. When measured, it was seldom more accurate than a vote, and sometimes less.",
    },
    {
        id: "sides", seats: [2, 4], judge: "Judge",
        sentence: "Each argues for a side; a judge outside the panel reads it twice.",
        advice: "For decisions: it brings out the arguments. The judge is asked in both orders, since order alone can sway it.",
    },
    {
        id: "council", seats: [2, 6], judge: "Chair",
        sentence: "All answer, rank each other without names, and a chair writes the final answer.",
        advice: "For open questions and reports. It costs some three times a vote.",
    },
    {
        id: "talk", seats: [2, 4], judge: "Clerk",
        sentence: "Two to four speak in turn, each with a character if you like.",
        advice: "For ideas, interviews and role play. It decides nothing.",
    },
    {
        id: "fusion", seats: [2, 6], judge: "Writer",
        sentence: "All answer, and one model makes one answer of them.",
        advice: "Broad answers in one go. The best single answer is often as good: compare, and choose.",
    },
];

/** @param {string} id */
export const protocolCard = (id) => PROTOCOLS.find((card) => card.id === id) ?? PROTOCOLS[0];

/** Positions that fit many questions, by how many sides there are. @type {Record<number, string[][]>} */
export const SIDE_SUGGESTIONS = {
    2: [["Yes", "No"], ["Do it now", "Wait"], ["The chances", "The risks"], ["Build it", "Buy it"]],
    3: [["Do it now", "Wait", "A third way"], ["Yes", "No", "It depends, and on this"]],
    4: [["Yes", "No", "A third way", "The question is wrong"], ["Cost", "Quality", "Speed", "Safety"]],
};

/** Characters for a talk. */
export const PERSONA_SUGGESTIONS = [
    "A sceptic who asks for evidence", "An optimist who looks for what could work", "A beginner who asks what others take for granted",
    "An engineer who has run it in production", "A historian who knows how it went before", "An interviewer who only asks questions",
];
