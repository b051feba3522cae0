#pragma once

/// Where Swift's runtime sends every task for which no executor was named; its own threads if there is nobody.
/// (`swift_task_enqueueGlobal_hook` of stdlib/public/Concurrency, which Swift cannot name. Looked up by the linker and not
/// at run time, so that it is found in a program with the runtime inside, too.)
extern void *swift_task_enqueueGlobal_hook;

/// Sends every such task to `hook`, which is given the task's job and the runtime's own way, and must have the job run.
void plenum_send_tasks_to(void (*hook)(void *job, void *runtimes_own_way));

/// The queue of jobs that this thread works off; null on a thread that works off none.
void *plenum_jobs_here(void);

/// Says which queue this thread works off.
void plenum_set_jobs_here(void *jobs);
