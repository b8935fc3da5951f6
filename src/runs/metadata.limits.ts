/** The most pairs in the metadata of a run. */
export const MAX_PAIRS = 16;
/** The longest value of such a pair, in characters. */
export const MAX_VALUE = 512;
