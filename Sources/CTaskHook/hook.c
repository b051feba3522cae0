#include "CTaskHook.h"

// Swift hands over its two arguments as C does on every 64-bit system that Plenum runs on.
void plenum_send_tasks_to(void (*hook)(void *job, void *runtimes_own_way)) {
    __atomic_store_n(&swift_task_enqueueGlobal_hook, (void *)hook, __ATOMIC_RELEASE);
}

static _Thread_local void *jobs_here;

void *plenum_jobs_here(void) { return jobs_here; }

void plenum_set_jobs_here(void *jobs) { jobs_here = jobs; }
