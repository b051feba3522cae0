// Shows the thread sanitizer what Swift's Mutex does when it has to wait.
//
// The fast path of Synchronization.Mutex is inlined and instrumented; the slow one lives in the standard library, which is
// not, so that the sanitizer misses the acquire and reports races that are none. Preloaded into a sanitized test process,
// this wraps the slow path: after it returns, the lock is acquired.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address) __attribute__((weak));

#define SLOW_LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"

typedef __attribute__((swiftcall)) void slow_lock_function(uint32_t, __attribute__((swift_context)) void *);

__attribute__((swiftcall)) void slow_lock(uint32_t thread, __attribute__((swift_context)) void *mutex) __asm__(SLOW_LOCK);

__attribute__((swiftcall)) void slow_lock(uint32_t thread, __attribute__((swift_context)) void *mutex) {
    static slow_lock_function *real;
    if (!real) real = (slow_lock_function *)dlsym(RTLD_NEXT, SLOW_LOCK);
    real(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}
