/**
 * The diagnostics channel that reports refusals thrown by writes. A write must return them instead: a throw rolls back
 * the other writes of its group.
 */
export const THROWN_REFUSALS = 'rookery.thrown-refusals';
