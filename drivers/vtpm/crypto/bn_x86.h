/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inner loops of bn.c for x86-64 CPUs with BMI2 and ADX, in general
 * registers: no FPU section is needed. The only assembly in this directory.
 *
 * mulx multiplies without touching the flags, and adcx and adox carry through
 * CF and OF, so that the low and the high halves of a row of products are added
 * in two independent chains. Eight registers hold a digit. As a row ends, its
 * lowest limb leaves to memory and that register takes the new top limb, so the
 * registers change roles by one each row and are back after eight.
 *
 * %rbp is left alone: a kernel may be built with frame pointers. The assembler
 * macros are defined and dropped in each asm statement, as the compiler may
 * emit one more than once or in any order.
 */
#ifndef VTPM_BN_X86_H
#define VTPM_BN_X86_H

#ifdef __x86_64__

#define VT_BN_PICK(adx, fast, plain)	((adx) ? (fast) : (plain))

/*
 * vt_mul: lo += the low half of %rdx * a[off] in the CF chain, hi += the high half
 * in the OF chain. vt_mul_top: the last of a row, whose high half begins a limb.
 */
#define VT_X86_MUL							\
	".macro	vt_mul off, lo, hi\n\t"					\
	"mulxq	\\off(%[a]), %%rax, %%rbx\n\t"				\
	"adcxq	%%rax, %%\\lo\n\t"					\
	"adoxq	%%rbx, %%\\hi\n\t"					\
	".endm\n\t"							\
	".macro	vt_mul_top lo, top\n\t"					\
	"mulxq	56(%[a]), %%rax, %%\\top\n\t"				\
	"adcxq	%%rax, %%\\lo\n\t"					\
	"movl	$0, %%eax\n\t"						\
	"adcxq	%%rax, %%\\top\n\t"					\
	"adoxq	%%rax, %%\\top\n\t"					\
	".endm\n\t"

#define VT_X86_MUL_DROP							\
	".purgem	vt_mul\n\t"					\
	".purgem	vt_mul_top\n\t"

/* vt_row: a row of products without the first. vt_rows: eight rows, roles changing. */
#define VT_X86_ROWS							\
	".macro	vt_row r0, r1, r2, r3, r4, r5, r6, r7\n\t"		\
	"vt_mul	8, \\r1, \\r2\n\t"					\
	"vt_mul	16, \\r2, \\r3\n\t"					\
	"vt_mul	24, \\r3, \\r4\n\t"					\
	"vt_mul	32, \\r4, \\r5\n\t"					\
	"vt_mul	40, \\r5, \\r6\n\t"					\
	"vt_mul	48, \\r6, \\r7\n\t"					\
	"vt_mul_top	\\r7, \\r0\n\t"					\
	".endm\n\t"							\
	".macro	vt_rows step\n\t"					\
	"\\step	0, r8, r9, r10, r11, r12, r13, r14, r15\n\t"		\
	"\\step	8, r9, r10, r11, r12, r13, r14, r15, r8\n\t"		\
	"\\step	16, r10, r11, r12, r13, r14, r15, r8, r9\n\t"		\
	"\\step	24, r11, r12, r13, r14, r15, r8, r9, r10\n\t"		\
	"\\step	32, r12, r13, r14, r15, r8, r9, r10, r11\n\t"		\
	"\\step	40, r13, r14, r15, r8, r9, r10, r11, r12\n\t"		\
	"\\step	48, r14, r15, r8, r9, r10, r11, r12, r13\n\t"		\
	"\\step	56, r15, r8, r9, r10, r11, r12, r13, r14\n\t"		\
	".endm\n\t"

#define VT_X86_ROWS_DROP						\
	".purgem	vt_row\n\t"					\
	".purgem	vt_rows\n\t"

/* (registers, t[off]) = registers + t[off] + a * b[off] */
#define VT_X86_MAC							\
	".macro	vt_mac off, r0, r1, r2, r3, r4, r5, r6, r7\n\t"		\
	"movq	(%[v]), %%rdx\n\t"					\
	"movq	\\off(%%rdx), %%rdx\n\t"				\
	"xorl	%%eax, %%eax\n\t"					\
	"adoxq	\\off(%[t]), %%\\r0\n\t"				\
	"vt_mul	0, \\r0, \\r1\n\t"					\
	"movq	%%\\r0, \\off(%[t])\n\t"				\
	"vt_row	\\r0, \\r1, \\r2, \\r3, \\r4, \\r5, \\r6, \\r7\n\t"	\
	".endm\n\t"

/* The same with b[off] chosen, and stored, so that t[off] would become 0. */
#define VT_X86_REDC							\
	".macro	vt_redc off, r0, r1, r2, r3, r4, r5, r6, r7\n\t"	\
	"xorl	%%eax, %%eax\n\t"					\
	"adoxq	\\off(%[t]), %%\\r0\n\t"				\
	"movq	%%\\r0, %%rdx\n\t"					\
	"mulxq	16(%[v]), %%rdx, %%rax\n\t"				\
	"movq	(%[v]), %%rax\n\t"					\
	"movq	%%rdx, \\off(%%rax)\n\t"				\
	"vt_mul	0, \\r0, \\r1\n\t"					\
	"vt_row	\\r0, \\r1, \\r2, \\r3, \\r4, \\r5, \\r6, \\r7\n\t"	\
	".endm\n\t"

#define VT_X86_LOAD							\
	"movq	8(%[v]), %%rax\n\t"					\
	"movq	(%%rax), %%r8\n\t"					\
	"movq	8(%%rax), %%r9\n\t"					\
	"movq	16(%%rax), %%r10\n\t"					\
	"movq	24(%%rax), %%r11\n\t"					\
	"movq	32(%%rax), %%r12\n\t"					\
	"movq	40(%%rax), %%r13\n\t"					\
	"movq	48(%%rax), %%r14\n\t"					\
	"movq	56(%%rax), %%r15\n\t"

#define VT_X86_ZERO							\
	"xorl	%%r8d, %%r8d\n\t"					\
	"xorl	%%r9d, %%r9d\n\t"					\
	"xorl	%%r10d, %%r10d\n\t"					\
	"xorl	%%r11d, %%r11d\n\t"					\
	"xorl	%%r12d, %%r12d\n\t"					\
	"xorl	%%r13d, %%r13d\n\t"					\
	"xorl	%%r14d, %%r14d\n\t"					\
	"xorl	%%r15d, %%r15d\n\t"

#define VT_X86_STORE							\
	"movq	8(%[v]), %%rax\n\t"					\
	"movq	%%r8, (%%rax)\n\t"					\
	"movq	%%r9, 8(%%rax)\n\t"					\
	"movq	%%r10, 16(%%rax)\n\t"					\
	"movq	%%r11, 24(%%rax)\n\t"					\
	"movq	%%r12, 32(%%rax)\n\t"					\
	"movq	%%r13, 40(%%rax)\n\t"					\
	"movq	%%r14, 48(%%rax)\n\t"					\
	"movq	%%r15, 56(%%rax)\n\t"

#define VT_X86_CLOBBER							\
	"rax", "rbx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13",	\
	"r14", "r15", "cc", "memory"

/* What there is no register left for; the assembly knows the offsets. */
struct vt_x86_args {
	const u64 *b;
	u64 *c;
	u64 n0;
};

/* (c, t) = a * b + c + t, all of eight limbs */
static noinline void vt_adx_mac8(u64 *t, u64 *c, const u64 *a, const u64 *b)
{
	const struct vt_x86_args args = { .b = b, .c = c };

	asm volatile(VT_X86_MUL VT_X86_ROWS VT_X86_MAC
		     VT_X86_LOAD
		     "vt_rows	vt_mac\n\t"
		     VT_X86_STORE
		     ".purgem	vt_mac\n\t"
		     VT_X86_ROWS_DROP VT_X86_MUL_DROP
		     : : [t] "D" (t), [a] "S" (a), [v] "c" (&args)
		     : VT_X86_CLOBBER);
}

/* (c, 0) = a * q + t; chooses q, with n0 = -1 / a[0]; t is left as it is */
static noinline void vt_adx_redc8(u64 *t, u64 *c, const u64 *a, u64 *q, u64 n0)
{
	const struct vt_x86_args args = { .b = q, .c = c, .n0 = n0 };

	asm volatile(VT_X86_MUL VT_X86_ROWS VT_X86_REDC
		     VT_X86_ZERO
		     "vt_rows	vt_redc\n\t"
		     VT_X86_STORE
		     ".purgem	vt_redc\n\t"
		     VT_X86_ROWS_DROP VT_X86_MUL_DROP
		     : : [t] "D" (t), [a] "S" (a), [v] "c" (&args)
		     : VT_X86_CLOBBER);
}

/* t, of sixteen limbs, = the sum of a[i] * a[j] * 2^(64 (i + j)) for i < j */
static noinline void vt_adx_tri8(u64 *t, const u64 *a)
{
	asm volatile(VT_X86_MUL
		     "movq	(%[a]), %%rdx\n\t"
		     "mulxq	8(%[a]), %%r8, %%r9\n\t"
		     "mulxq	16(%[a]), %%rax, %%r10\n\t"
		     "addq	%%rax, %%r9\n\t"
		     "mulxq	24(%[a]), %%rax, %%r11\n\t"
		     "adcq	%%rax, %%r10\n\t"
		     "mulxq	32(%[a]), %%rax, %%r12\n\t"
		     "adcq	%%rax, %%r11\n\t"
		     "mulxq	40(%[a]), %%rax, %%r13\n\t"
		     "adcq	%%rax, %%r12\n\t"
		     "mulxq	48(%[a]), %%rax, %%r14\n\t"
		     "adcq	%%rax, %%r13\n\t"
		     "mulxq	56(%[a]), %%rax, %%r15\n\t"
		     "adcq	%%rax, %%r14\n\t"
		     "adcq	$0, %%r15\n\t"
		     "movq	$0, (%[t])\n\t"
		     "movq	%%r8, 8(%[t])\n\t"
		     "movq	%%r9, 16(%[t])\n\t"
		     "movq	8(%[a]), %%rdx\n\t"
		     "xorl	%%eax, %%eax\n\t"
		     "vt_mul	16, r10, r11\n\t"
		     "vt_mul	24, r11, r12\n\t"
		     "vt_mul	32, r12, r13\n\t"
		     "vt_mul	40, r13, r14\n\t"
		     "vt_mul	48, r14, r15\n\t"
		     "vt_mul_top	r15, r8\n\t"
		     "movq	%%r10, 24(%[t])\n\t"
		     "movq	%%r11, 32(%[t])\n\t"
		     "movq	16(%[a]), %%rdx\n\t"
		     "xorl	%%eax, %%eax\n\t"
		     "vt_mul	24, r12, r13\n\t"
		     "vt_mul	32, r13, r14\n\t"
		     "vt_mul	40, r14, r15\n\t"
		     "vt_mul	48, r15, r8\n\t"
		     "vt_mul_top	r8, r9\n\t"
		     "movq	%%r12, 40(%[t])\n\t"
		     "movq	%%r13, 48(%[t])\n\t"
		     "movq	24(%[a]), %%rdx\n\t"
		     "xorl	%%eax, %%eax\n\t"
		     "vt_mul	32, r14, r15\n\t"
		     "vt_mul	40, r15, r8\n\t"
		     "vt_mul	48, r8, r9\n\t"
		     "vt_mul_top	r9, r10\n\t"
		     "movq	%%r14, 56(%[t])\n\t"
		     "movq	%%r15, 64(%[t])\n\t"
		     "movq	32(%[a]), %%rdx\n\t"
		     "xorl	%%eax, %%eax\n\t"
		     "vt_mul	40, r8, r9\n\t"
		     "vt_mul	48, r9, r10\n\t"
		     "vt_mul_top	r10, r11\n\t"
		     "movq	%%r8, 72(%[t])\n\t"
		     "movq	%%r9, 80(%[t])\n\t"
		     "movq	40(%[a]), %%rdx\n\t"
		     "xorl	%%eax, %%eax\n\t"
		     "vt_mul	48, r10, r11\n\t"
		     "vt_mul_top	r11, r12\n\t"
		     "movq	%%r10, 88(%[t])\n\t"
		     "movq	%%r11, 96(%[t])\n\t"
		     "movq	48(%[a]), %%rdx\n\t"
		     "mulxq	56(%[a]), %%rax, %%r13\n\t"
		     "addq	%%rax, %%r12\n\t"
		     "adcq	$0, %%r13\n\t"
		     "movq	%%r12, 104(%[t])\n\t"
		     "movq	%%r13, 112(%[t])\n\t"
		     "movq	$0, 120(%[t])\n\t"
		     VT_X86_MUL_DROP
		     : : [t] "D" (t), [a] "S" (a) : VT_X86_CLOBBER);
}

/* Two limbs of 2 t + a^2: the doubling carries through CF, the squares through OF. */
#define VT_X86_DIAG							\
	".macro	vt_diag off, t0, t1\n\t"				\
	"movq	\\off(%[a]), %%rdx\n\t"					\
	"mulxq	%%rdx, %%rax, %%rbx\n\t"				\
	"movq	\\t0(%[t]), %%r8\n\t"					\
	"movq	\\t1(%[t]), %%r9\n\t"					\
	"adcxq	%%r8, %%r8\n\t"						\
	"adoxq	%%rax, %%r8\n\t"					\
	"adcxq	%%r9, %%r9\n\t"						\
	"adoxq	%%rbx, %%r9\n\t"					\
	"movq	%%r8, \\t0(%[t])\n\t"					\
	"movq	%%r9, \\t1(%[t])\n\t"					\
	".endm\n\t"

/* t, of 2n limbs, = 2 t + the sum of a[i]^2 * 2^(128 i); n is a multiple of four */
static noinline void vt_adx_diag(u64 *t, const u64 *a, size_t n)
{
	n /= 4;
	asm volatile(VT_X86_DIAG
		     "xorl	%%eax, %%eax\n"
		     "1:\n\t"
		     "vt_diag	0, 0, 8\n\t"
		     "vt_diag	8, 16, 24\n\t"
		     "vt_diag	16, 32, 40\n\t"
		     "vt_diag	24, 48, 56\n\t"
		     "leaq	32(%[a]), %[a]\n\t"
		     "leaq	64(%[t]), %[t]\n\t"
		     "leaq	-1(%[n]), %[n]\n\t"
		     "jrcxz	2f\n\t"		/* neither lea nor this touches a flag */
		     "jmp	1b\n"
		     "2:\n\t"
		     ".purgem	vt_diag\n\t"
		     : [t] "+D" (t), [a] "+S" (a), [n] "+c" (n)
		     : : "rax", "rbx", "rdx", "r8", "r9", "cc", "memory");
}

/* r = a + b + carry over eight limbs; returns the carry */
static __always_inline u64 vt_adx_add8(u64 *r, const u64 *a, const u64 *b, u64 carry)
{
	asm volatile("addq	$-1, %[c]\n\t"
		     ".irp	off, 0, 8, 16, 24, 32, 40, 48, 56\n\t"
		     "movq	\\off(%[a]), %%rax\n\t"
		     "adcq	\\off(%[b]), %%rax\n\t"
		     "movq	%%rax, \\off(%[r])\n\t"
		     ".endr\n\t"
		     "movl	$0, %k[c]\n\t"
		     "adcq	$0, %[c]\n\t"
		     : [c] "+&r" (carry) : [r] "r" (r), [a] "r" (a), [b] "r" (b)
		     : "rax", "cc", "memory");
	return carry;
}

#define VT_X86_SUB							\
	".macro	vt_masked off, reg\n\t"					\
	"movq	\\off(%[b]), %%\\reg\n\t"				\
	"andq	%[m], %%\\reg\n\t"					\
	".endm\n\t"							\
	".macro	vt_sub off, reg\n\t"					\
	"movq	\\off(%[a]), %%rax\n\t"					\
	"sbbq	%%\\reg, %%rax\n\t"					\
	"movq	%%rax, \\off(%[r])\n\t"					\
	".endm\n\t"							\
	".macro	vt_limbs step\n\t"					\
	"\\step	0, r8\n\t"						\
	"\\step	8, r9\n\t"						\
	"\\step	16, r10\n\t"						\
	"\\step	24, r11\n\t"						\
	"\\step	32, r12\n\t"						\
	"\\step	40, r13\n\t"						\
	"\\step	48, r14\n\t"						\
	"\\step	56, r15\n\t"						\
	".endm\n\t"

/* r = a - (b & mask) - borrow over eight limbs; returns the borrow */
static __always_inline u64 vt_adx_sub8(u64 *r, const u64 *a, const u64 *b, u64 mask, u64 borrow)
{
	asm volatile(VT_X86_SUB
		     "vt_limbs	vt_masked\n\t"
		     "addq	$-1, %[c]\n\t"
		     "vt_limbs	vt_sub\n\t"
		     "movl	$0, %k[c]\n\t"
		     "adcq	$0, %[c]\n\t"
		     ".purgem	vt_masked\n\t"
		     ".purgem	vt_sub\n\t"
		     ".purgem	vt_limbs\n\t"
		     : [c] "+&d" (borrow)
		     : [r] "D" (r), [a] "S" (a), [b] "c" (b), [m] "b" (mask)
		     : "rax", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc", "memory");
	return borrow;
}

#else

#define VT_BN_PICK(adx, fast, plain)	((void)(adx), (plain))

#endif /* __x86_64__ */

#endif /* VTPM_BN_X86_H */
