/*
 * progress.h -- how far a long statement is, for those who look from outside
 */
#ifndef CC_PROGRESS_H
#define CC_PROGRESS_H

extern void cc_progress_tick(void);

#endif							/* CC_PROGRESS_H */
