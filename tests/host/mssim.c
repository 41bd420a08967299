// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtpm-mssim: the engine behind the TCP protocol of the TPM 2.0 simulator, so
 * that any TSS program can talk to it natively. Commands on port N, platform
 * signals on port N + 1, loopback only; with port 0 it takes two that are free and
 * prints N. A test tool: it keeps no state.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "property/certs.h"
#include "property/log.h"
#include "property/property.h"
#include "tpm.h"

/* What a client may send, on either port. */
enum {
	SIG_POWER_ON = 1, SIG_POWER_OFF = 2, SIG_PP_ON = 3, SIG_PP_OFF = 4,
	SEND_COMMAND = 8, SIG_CANCEL_ON = 9, SIG_CANCEL_OFF = 10, SIG_NV_ON = 11, SIG_NV_OFF = 12,
	HANDSHAKE = 15, SIG_RESET = 17, SESSION_END = 20, STOP = 21,
};

static struct host_tpm tpm;
static bool powered;
static const char *log_path;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/*
 * Clients send a command in pieces, and each waits for the one before it to be
 * acknowledged. The kernel delays that, whatever it was told, once it has sent something.
 */
static void acknowledge(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static void send_at_once(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static bool get(int fd, void *buf, size_t len)
{
	u8 *p = buf;

	while (len) {
		ssize_t n = recv(fd, p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		acknowledge(fd);
		p += n;
		len -= n;
	}
	return true;
}

static bool put(int fd, const void *buf, size_t len)
{
	const u8 *p = buf;

	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static bool get_u32(int fd, u32 *v)
{
	u8 b[4];

	if (!get(fd, b, sizeof(b)))
		return false;
	*v = get_unaligned_be32(b);
	return true;
}

static bool put_u32(int fd, u32 v)
{
	u8 b[4];

	put_unaligned_be32(v, b);
	return put(fd, b, sizeof(b));
}

static void power_cycle(bool on)
{
	pthread_mutex_lock(&one_at_a_time);
	if (on && !powered)
		tpm2_power_on(tpm.t);
	powered = on;
	pthread_mutex_unlock(&one_at_a_time);
}

/* The measurement log as it is after the command, for programs that read one. */
static void write_log(void)
{
	static u8 log[1 << 20];
	FILE *f = fopen(log_path, "w");
	size_t len = vtpm_matrix_measurements(tpm.matrix, VTPM_LOG_TCG, 0, log, sizeof(log));

	if (!f || fwrite(log, 1, len, f) != len || fclose(f)) {
		perror(log_path);
		exit(1);
	}
}

/* Locality, size, command; the answer is size, response, and a zero. */
static bool serve_command(int fd)
{
	u8 locality, cmd[VTPM_MAX_COMMAND], answer[VTPM_MAX_COMMAND + 8];
	u32 len, n;

	if (!get(fd, &locality, 1) || !get_u32(fd, &len) || len > sizeof(cmd) || !get(fd, cmd, len))
		return false;
	pthread_mutex_lock(&one_at_a_time);
	tpm.locality = locality;
	if (powered)
		host_tpm_run(&tpm, cmd, len);
	if (log_path)
		write_log();
	n = powered ? tpm.rsp_len : 0;
	put_unaligned_be32(n, answer);
	memcpy(answer + 4, tpm.rsp, n);
	put_unaligned_be32(0, answer + 4 + n);
	pthread_mutex_unlock(&one_at_a_time);
	return put(fd, answer, n + 8);
}

static bool serve_handshake(int fd)
{
	u32 version;

	/* the simulator's version 1, and flags: platform available, in-process off */
	return get_u32(fd, &version) && put_u32(fd, 1) && put_u32(fd, 0x9) && put_u32(fd, 0);
}

static bool serve_signal(int fd, u32 what)
{
	switch (what) {
	case SIG_POWER_ON:
		power_cycle(true);
		break;
	case SIG_POWER_OFF:
		power_cycle(false);
		break;
	case SIG_RESET:
		power_cycle(false);
		power_cycle(true);
		break;
	case SIG_CANCEL_ON:
		tpm.cancel = true;
		break;
	case SIG_CANCEL_OFF:
		tpm.cancel = false;
		break;
	case SIG_PP_ON:
	case SIG_PP_OFF:
		pthread_mutex_lock(&one_at_a_time);
		tpm2_set_presence(tpm.t, what == SIG_PP_ON);
		pthread_mutex_unlock(&one_at_a_time);
		break;
	case SIG_NV_ON:		/* nothing of the engine asks for NV to be there */
	case SIG_NV_OFF:
		break;
	default:
		return false;
	}
	return put_u32(fd, 0);
}

static void *serve(void *arg)
{
	int fd = (int)(long)arg;
	bool go = true;
	u32 what;

	send_at_once(fd);
	while (go && get_u32(fd, &what)) {
		if (what == SEND_COMMAND)
			go = serve_command(fd);
		else if (what == HANDSHAKE)
			go = serve_handshake(fd);
		else if (what == STOP)
			exit(0);
		else if (what == SESSION_END)
			go = false;
		else
			go = serve_signal(fd, what);
	}
	close(fd);
	return NULL;
}

static int listen_on(unsigned int port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 16)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Two ports in a row: @port, or any where it is 0; then which one goes to standard output. */
static bool listen_both(unsigned long port, int *commands, int *platform)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	unsigned int got = 0;
	int tries;

	for (tries = port ? 1 : 100; tries; tries--) {
		*commands = listen_on(port);
		if (*commands < 0 || getsockname(*commands, (struct sockaddr *)&a, &len))
			return false;
		got = ntohs(a.sin_port);
		*platform = got < 65535 ? listen_on(got + 1) : -1;
		if (*platform >= 0)
			break;
		close(*commands);
	}
	if (tries && !port)
		printf("%u\n", got);
	fflush(stdout);
	return tries;
}

static void *accept_all(void *arg)
{
	int listener = (int)(long)arg;

	for (;;) {
		pthread_t thread;
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (pthread_create(&thread, NULL, serve, (void *)(long)fd))
			close(fd);
		else
			pthread_detach(thread);
	}
	return NULL;
}

static size_t read_file(const char *path, char *to, size_t room)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f) {
		fprintf(stderr, "vtpm-mssim: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	n = fread(to, 1, room, f);
	fclose(f);
	return n;
}

/* ---- what an admin would give the module ---- */

static void trust(const char *path)
{
	static char der[VTPM_MAX_CERT_DER];
	size_t len = read_file(path, der, sizeof(der));

	if (vtpm_trust_add("it", der, len)) {
		fprintf(stderr, "vtpm-mssim: %s: not taken\n", path);
		exit(1);
	}
}

static void load_manifest(const char *path)
{
	static char message[1 << 20];
	size_t len = read_file(path, message, sizeof(message));
	char name[VTPM_NAME_MAX + 1];

	if (vtpm_cert_load(message, len, name, NULL)) {
		fprintf(stderr, "vtpm-mssim: %s: not taken\n", path);
		exit(1);
	}
}

/* A host's TPM with a bank of SHA-256, where PCR n is the digest of @word and the byte n */
static void set_host(const char *word)
{
	static u8 values[VTPM_PCR_COUNT][32];
	struct vtpm_host_pcrs bank = {
		.alg = TPM_ALG_SHA256, .digest_size = 32, .count = VTPM_PCR_COUNT,
		.values = values[0],
	};
	struct vtpm_host host = { .count = 1, .banks = &bank };
	const struct vt_hash_alg *sha256 = vt_hash_find(TPM_ALG_SHA256);
	struct vt_hash_ctx ctx;
	u8 n;

	for (n = 0; n < VTPM_PCR_COUNT; n++) {
		vt_hash_init(&ctx, sha256);
		vt_hash_update(&ctx, word, strlen(word));
		vt_hash_update(&ctx, &n, 1);
		vt_hash_final(&ctx, values[n]);
	}
	if (vtpm_matrix_set_host(tpm.matrix, &host))
		exit(1);
}

static void usage(FILE *out)
{
	fputs("Usage: vtpm-mssim --port N [--policy FILE] [--log FILE] [--host WORD]\n"
	      "                  [--trust DER] [--manifest DER]...\n", out);
}

/**
 * struct wanted - the command line
 * @port: of commands; that of the platform is the next one; 0: any that are free
 * @policy: of the instance, or NULL
 * @host: see set_host(), or NULL
 * @trust: the certificate of the trusted party "it", or NULL
 * @manifest: its manifests
 * @manifests: how many
 */
struct wanted {
	unsigned long port;
	const char *policy;
	const char *host;
	const char *trust;
	const char *manifest[8];
	unsigned int manifests;
};

static bool parse(struct wanted *w, int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "policy", required_argument, NULL, 'f' },
		{ "log", required_argument, NULL, 'l' },
		{ "host", required_argument, NULL, 'H' },
		{ "trust", required_argument, NULL, 't' },
		{ "manifest", required_argument, NULL, 'm' },
		{ 0 },
	};
	bool has_port = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'p')
			has_port = sscanf(optarg, "%lu", &w->port) == 1;
		else if (opt == 'f')
			w->policy = optarg;
		else if (opt == 'l')
			log_path = optarg;
		else if (opt == 'H')
			w->host = optarg;
		else if (opt == 't')
			w->trust = optarg;
		else if (opt == 'm' && w->manifests < ARRAY_SIZE(w->manifest))
			w->manifest[w->manifests++] = optarg;
		else
			return false;
	}
	return has_port && w->port <= 65534 && optind == argc;
}

static void make_tpm(const struct wanted *w)
{
	static char policy[VTPM_MAX_POLICY + 1];
	unsigned int i;

	if (w->policy)
		policy[read_file(w->policy, policy, sizeof(policy) - 1)] = 0;
	host_tpm_new(&tpm, w->policy ? policy : NULL);
	if (w->trust)
		trust(w->trust);
	for (i = 0; i < w->manifests; i++)
		load_manifest(w->manifest[i]);
	if (w->host)
		set_host(w->host);
}

int main(int argc, char **argv)
{
	struct wanted w = { 0 };
	int commands, platform;
	pthread_t thread;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		usage(stdout);
		return 0;
	}
	if (!parse(&w, argc, argv)) {
		usage(stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	make_tpm(&w);
	if (!listen_both(w.port, &commands, &platform)) {
		fprintf(stderr, "vtpm-mssim: ports %lu and %lu: %s\n", w.port, w.port + 1,
			strerror(errno));
		return 1;
	}
	if (pthread_create(&thread, NULL, accept_all, (void *)(long)platform))
		return 1;
	accept_all((void *)(long)commands);
	return 0;
}
