/** Peers, or users, tracked between two steps: 1 to 3 ms of work if all have moved. */
export const TRACKED_A_STEP = 1_000;
