/** The filter of events; absent fields match all. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly userIds?: readonly number[];
  readonly from?: Date;
  readonly to?: Date;
}

/** The filter of the audit log; absent fields match all. */
export interface AuditFilter {
  readonly userId?: number;
  readonly actions?: readonly string[];
  readonly actor?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** The filter of sessions; absent fields match all. */
export interface SessionFilter {
  readonly userIds?: readonly number[];
  readonly open?: boolean;
  /** Sessions that were open at or after this instant. */
  readonly from?: Date;
  /** Sessions that had started before this instant. */
  readonly to?: Date;
}
