// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one connection may expect while another is at work: its own objects, a
 * quick answer beside the making of RSA keys, and an end of work that nobody
 * waits for any more.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "esapi.h"

#define ANSWER_MS	1000	/* clients give up after this */
#define BUSY_MS		12000	/* for so long, and until two keys are made, questions are asked */
#define BUSY_MAX_MS	90000

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void nap(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* ---- contexts ---- */

static void context_moves(struct link *a, struct link *b)
{
	TPMS_CONTEXT *saved;
	TPM2B_NAME *before, *after;
	ESYS_TR key, again;

	MUST(make_primary(a->esys, 0, 0, &key));
	MUST(Esys_TR_GetName(a->esys, key, &before));
	MUST(Esys_ContextSave(a->esys, key, &saved));
	MUST(Esys_FlushContext(a->esys, key));
	MUST(Esys_ContextLoad(b->esys, saved, &again));
	MUST(Esys_TR_GetName(b->esys, again, &after));
	WANT(before->size == after->size && !memcmp(before->name, after->name, before->size));
	MUST(Esys_FlushContext(b->esys, again));
	/* an object's context may be loaded as often as one likes, a damaged one never */
	MUST(Esys_ContextLoad(a->esys, saved, &again));
	MUST(Esys_FlushContext(a->esys, again));
	saved->contextBlob.buffer[50] ^= 1;	/* the TPM's part; the library's own is behind it */
	WANT(Esys_ContextLoad(b->esys, saved, &again) != TSS2_RC_SUCCESS);
	Esys_Free(saved);
	Esys_Free(before);
	Esys_Free(after);
}

static void with_two(const char *tcti, void (*body)(struct link *, struct link *))
{
	struct link a, b;

	if (link_open(&a, tcti)) {
		if (link_open(&b, tcti))
			body(&a, &b);
		link_close(&b);
	}
	link_close(&a);
}

void pair_contexts(const char *tcti)
{
	with_two(tcti, context_moves);
}

/* Handles of one connection mean nothing in the other, though the numbers are alike. */
static void own_handles(struct link *a, struct link *b)
{
	TPMS_CAPABILITY_DATA *data;
	TPMI_YES_NO more;
	ESYS_TR key, stranger;

	MUST(make_primary(a->esys, 0, 0, &key));
	MUST(Esys_GetCapability(b->esys, NONE, NONE, NONE, TPM2_CAP_HANDLES,
				TPM2_TRANSIENT_FIRST, 16, &more, &data));
	WANT(data->data.handles.count == 0);
	Esys_Free(data);
	WANT(Esys_TR_FromTPMPublic(b->esys, TPM2_TRANSIENT_FIRST, NONE, NONE, NONE, &stranger));
	MUST(Esys_FlushContext(a->esys, key));
}

void pair_isolated(const char *tcti)
{
	with_two(tcti, own_handles);
}

/* ---- another's long work ---- */

/* A child that makes RSA keys and writes a byte for each, until it is ended. */
static pid_t start_maker(const char *tcti, uint16_t bits, int done)
{
	struct link l;
	ESYS_TR key;
	uint32_t i;
	TSS2_RC rc;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	if (!link_open(&l, tcti) || write(done, "!", 1) != 1)
		_exit(1);
	for (i = 1;; i++) {
		rc = make_primary(l.esys, bits, getpid() * 1000 + i, &key);
		if (rc)
			_exit((rc & 0xfff) == TPM2_RC_CANCELED ? 3 : 2);
		if (write(done, ".", 1) != 1 || Esys_FlushContext(l.esys, key))
			_exit(1);
	}
}

struct maker {
	pid_t pid;
	int fd;
	unsigned int keys;
	int status;
};

static bool maker_begin(struct maker *m, const char *tcti, uint16_t bits)
{
	int ends[2];
	char c;

	memset(m, 0, sizeof(*m));
	if (pipe(ends))
		return false;
	m->pid = start_maker(tcti, bits, ends[1]);
	close(ends[1]);
	m->fd = ends[0];
	if (m->pid < 0 || read(m->fd, &c, 1) != 1 || c != '!') {
		fail("the maker of keys does not start");
		return false;
	}
	fcntl(m->fd, F_SETFL, O_NONBLOCK);
	return true;
}

static void maker_count(struct maker *m)
{
	char c[16];
	ssize_t n = read(m->fd, c, sizeof(c));

	if (n > 0)
		m->keys += n;
}

/* How long it takes to end after the signal, or -1 when it does not. */
static long maker_end(struct maker *m, int sig, long limit)
{
	long start = now_ms(), took = -1;

	if (sig)
		kill(m->pid, sig);
	while (took < 0 && now_ms() - start < limit) {
		if (waitpid(m->pid, &m->status, WNOHANG) == m->pid)
			took = now_ms() - start;
		else
			nap(5);
	}
	if (took < 0) {
		kill(m->pid, SIGKILL);
		waitpid(m->pid, &m->status, 0);
	}
	close(m->fd);
	return took;
}

static long longest_answer(struct link *l, struct maker *m, unsigned int *asked)
{
	long start = now_ms(), worst = 0;
	TPM2B_DIGEST *random;

	while (now_ms() - start < BUSY_MS || (m->keys < 2 && now_ms() - start < BUSY_MAX_MS)) {
		long before = now_ms(), took;

		if (Esys_GetRandom(l->esys, NONE, NONE, NONE, 16, &random))
			return -1;
		took = now_ms() - before;
		Esys_Free(random);
		if (took > worst)
			worst = took;
		++*asked;
		maker_count(m);
		nap(40);
	}
	return worst;
}

void pair_busy(const char *tcti)
{
	unsigned int asked = 0;
	struct maker m;
	struct link l;
	long worst;

	if (!link_open(&l, tcti))
		return;
	if (maker_begin(&m, tcti, 2048)) {
		worst = longest_answer(&l, &m, &asked);
		printf("# %u keys made, %u questions, the longest answer took %ld ms\n",
		       m.keys, asked, worst);
		maker_end(&m, SIGKILL, 10000);
		if (worst < 0)
			fail("GetRandom fails");
		else if (worst > ANSWER_MS)
			fail("an answer took %ld ms", worst);
		else if (m.keys < 2 || asked < 20)
			fail("%u keys and %u questions say too little", m.keys, asked);
	}
	link_close(&l);
}

/* Still there, and nothing of the dead one is left in it. */
static void still_works(const char *tcti)
{
	TPM2B_DIGEST *random;
	struct link l;

	if (!link_open(&l, tcti))
		return;
	if (Esys_GetRandom(l.esys, NONE, NONE, NONE, 16, &random))
		fail("GetRandom fails afterwards");
	else
		Esys_Free(random);
	link_close(&l);
}

void pair_killed(const char *tcti)
{
	struct maker m;
	long took;
	int i;

	for (i = 1; i <= 4; i++) {
		if (!maker_begin(&m, tcti, 4096))
			return;
		nap(100 * i);
		took = maker_end(&m, SIGKILL, 5000);
		printf("# killed at work: gone after %ld ms\n", took);
		if (took < 0) {
			fail("does not end within 5 s of SIGKILL");
			return;
		}
	}
	still_works(tcti);
}

static bool write_cancel(const char *path)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, "1\n", 2) == 2;

	if (fd >= 0)
		close(fd);
	if (!ok)
		fail("cannot write %s", path);
	return ok;
}

/* The maker stops with TPM_RC_CANCELED; a cancel may fall between two commands, so again. */
void pair_cancelled(const char *tcti, const char *cancel)
{
	struct maker m;
	long took = -1;
	int i;

	if (!maker_begin(&m, tcti, 4096))
		return;
	nap(200);
	for (i = 0; i < 50 && took < 0; i++) {
		if (!write_cancel(cancel))
			break;
		nap(200);
		if (waitpid(m.pid, &m.status, WNOHANG) == m.pid)
			took = 200 * (i + 1);
	}
	if (took < 0) {
		maker_end(&m, SIGKILL, 5000);
		fail("is not cancelled");
		return;
	}
	close(m.fd);
	printf("# cancelled within %ld ms\n", took);
	if (!WIFEXITED(m.status) || WEXITSTATUS(m.status) != 3) {
		fail("ended with status 0x%x, not with TPM_RC_CANCELED", m.status);
		return;
	}
	still_works(tcti);
}
