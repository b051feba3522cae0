// What a chat is asked with, beside its words.

/** @typedef {{system: string, params: Record<string, any>, max_cost: string, blind: boolean}} ChatSettings */

/** @returns {ChatSettings} */
export const noSettings = () => ({ system: "", params: {}, max_cost: "", blind: false });
