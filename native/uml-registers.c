/*
 * Lets a User-Mode Linux kernel before 6.13 run on processors whose register state is larger than it knows.
 *
 * Such a kernel writes a process's registers with PTRACE_SETREGSET and a length that was fixed when it was built: 2696
 * octets, up to PKRU (arch/x86/um/os-Linux/registers.c). The machine's kernel takes the whole state or nothing
 * (xstateregs_set in arch/x86/kernel/fpu/regset.c), and with AMX that is 11,008 octets: it answers EFAULT, and the
 * User-Mode Linux kernel ends with its first process. Preloaded, this gives it the whole length. What it adds is the
 * state of features that no process in there can turn on (arch_prctl(2), ARCH_REQ_XCOMP_PERM), so that the bits of the
 * header which would make it valid are never set, and zeros will do.
 *
 * It includes nothing, so that a compiler without the headers of the C library is enough.
 */

#define SYS_PTRACE 101 /* of x86-64, as everything here */
#define PTRACE_PEEKTEXT 1
#define PTRACE_PEEKUSER 3
#define PTRACE_GETREGSET 0x4204
#define PTRACE_SETREGSET 0x4205
#define NT_X86_XSTATE 0x202

struct iovec {
  void *base;
  unsigned long length;
};

/* Of the C library: it sets errno. */
extern long syscall(long number, ...);

/* Not on the stack, which is a kernel's there and small. */
static unsigned char whole[1 << 16];
static unsigned long whole_length;

static long set_registers(int pid, void *type, const struct iovec *given) {
  struct iovec all = {whole, sizeof whole};
  if (whole_length == 0) {
    if (syscall(SYS_PTRACE, PTRACE_GETREGSET, pid, type, &all) < 0) return -1;
    whole_length = all.length;
    __builtin_memset(whole, 0, sizeof whole);
  }
  if (given->length >= whole_length) return syscall(SYS_PTRACE, PTRACE_SETREGSET, pid, type, given);
  __builtin_memcpy(whole, given->base, given->length);
  all.length = whole_length;
  return syscall(SYS_PTRACE, PTRACE_SETREGSET, pid, type, &all);
}

/* In place of the C library's: the system call gives what it reads through a pointer, the function returns it. */
long ptrace(int request, int pid, void *address, void *data) {
  if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE)
    return set_registers(pid, address, data);
  if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSER) {
    long word;
    return syscall(SYS_PTRACE, request, pid, address, &word) < 0 ? -1 : word;
  }
  return syscall(SYS_PTRACE, request, pid, address, data);
}
