// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every call of /dev/vtpmctl: sizes, flags, reserved members, addresses. Then errors and
 * effects of those that make, list and end instances; the others are texts.c's subject.
 */
#include "control.h"

struct call {
	const char *name;
	unsigned long nr;
	uint32_t size;
	uint32_t flags;		/* that are known */
	int32_t reserved;	/* offset of a reserved member; -1: none */
	uint32_t first;		/* size of the first version; 0: there has been no other */
};

#define CALL(nr, type, flags, reserved) { #nr, VTPM_IOC_##nr, sizeof(struct type), flags, reserved }
#define LONGER(nr, type, last) { #nr, VTPM_IOC_##nr, sizeof(struct type), 0, -1, \
	offsetof(struct type, last) + sizeof(((struct type *)NULL)->last) }

static const struct call calls[] = {
	LONGER(INFO, vtpm_info, max_certs),
	CALL(CREATE, vtpm_create, VTPM_CREATE_UNSTARTED, -1),
	CALL(DESTROY, vtpm_number, 0, offsetof(struct vtpm_number, reserved)),
	CALL(LIST, vtpm_list, 0, offsetof(struct vtpm_list, reserved)),
	{ "STATUS", VTPM_IOC_STATUS, sizeof(struct vtpm_status), 0,
	  offsetof(struct vtpm_status, reserved), offsetof(struct vtpm_status, locality) },
	CALL(POLICY_GET, vtpm_policy_text, 0, -1),
	CALL(POLICY_SET, vtpm_policy_text, VTPM_POLICY_CHECK | VTPM_POLICY_SIGNED, -1),
	CALL(RESET, vtpm_number, 0, offsetof(struct vtpm_number, reserved)),
	CALL(PRESENCE, vtpm_setting, 0, -1),
	CALL(LOCALITY, vtpm_setting, 0, -1),
	CALL(BIND, vtpm_bind, VTPM_BIND_REMOVE, offsetof(struct vtpm_bind, reserved)),
	CALL(TRUST_ADD, vtpm_blob, 0, offsetof(struct vtpm_blob, reserved)),
	CALL(TRUST_LIST, vtpm_entries, 0, -1),
	CALL(TRUST_REMOVE, vtpm_named, 0, -1),
	CALL(CERT_LOAD, vtpm_blob, 0, offsetof(struct vtpm_blob, reserved)),
	CALL(CERT_LIST, vtpm_entries, 0, -1),
	CALL(CERT_REMOVE, vtpm_named, 0, -1),
};

#define N_CALLS	ARRAY_SIZE(calls)

/* A number that belongs to no instance, where there is one to give. */
static void set_gone(void *arg, const struct call *c)
{
	uint32_t gone = NO_NUMBER;

	memset(arg, 0, 2 * PAGE);
	set_head(arg, c->size, 0);
	switch (c->nr) {
	case VTPM_IOC_DESTROY:
	case VTPM_IOC_RESET:
	case VTPM_IOC_PRESENCE:
	case VTPM_IOC_LOCALITY:
		memcpy((uint8_t *)arg + offsetof(struct vtpm_number, number), &gone, 4);
		break;
	case VTPM_IOC_BIND:
		*(struct vtpm_bind *)arg = (struct vtpm_bind){
			.size = c->size, .number = gone, .kind = VTPM_BIND_CGROUP, .fd = -1,
		};
		break;
	case VTPM_IOC_STATUS:
		memcpy((uint8_t *)arg + offsetof(struct vtpm_status, number), &gone, 4);
		break;
	case VTPM_IOC_POLICY_GET:
	case VTPM_IOC_POLICY_SET:
		memcpy((uint8_t *)arg + offsetof(struct vtpm_policy_text, number), &gone, 4);
		break;
	case VTPM_IOC_TRUST_REMOVE:
	case VTPM_IOC_CERT_REMOVE:
		strcpy((char *)arg + offsetof(struct vtpm_named, name), "nobody");
		break;
	}
}

/* ---- what all calls have in common ---- */

TEST_F(control, size_below_the_first_version_is_EINVAL)
{
	unsigned int i;
	uint32_t size;

	for (i = 0; i < N_CALLS; i++)
		for (size = 0; size < (calls[i].first ?: calls[i].size); size++) {
			set_gone(self->arg, &calls[i]);
			set_head(self->arg, size, 0);
			ASSERT_EQ(EINVAL, call(self->fd, calls[i].nr, self->arg)) {
				TH_LOG("%s with size %u", calls[i].name, size);
			}
		}
}

TEST_F(control, longer_structure_with_zero_behind_is_served)
{
	unsigned int i;
	int plain;

	for (i = 0; i < N_CALLS; i++) {
		set_gone(self->arg, &calls[i]);
		plain = call(self->fd, calls[i].nr, self->arg);
		set_gone(self->arg, &calls[i]);
		set_head(self->arg, calls[i].size + 64, 0);
		EXPECT_EQ(plain, call(self->fd, calls[i].nr, self->arg)) {
			TH_LOG("%s", calls[i].name);
		}
		set_gone(self->arg, &calls[i]);
		set_head(self->arg, PAGE, 0);
		EXPECT_EQ(plain, call(self->fd, calls[i].nr, self->arg));
	}
}

TEST_F(control, longer_structure_with_more_behind_is_E2BIG)
{
	unsigned int i;
	uint32_t at;

	for (i = 0; i < N_CALLS; i++) {
		for (at = calls[i].size; at < calls[i].size + 16; at++) {
			set_gone(self->arg, &calls[i]);
			set_head(self->arg, calls[i].size + 16, 0);
			self->arg[at] = 1;
			EXPECT_EQ(E2BIG, call(self->fd, calls[i].nr, self->arg)) {
				TH_LOG("%s, byte %u", calls[i].name, at);
			}
		}
		set_gone(self->arg, &calls[i]);
		set_head(self->arg, PAGE + 1, 0);
		EXPECT_EQ(E2BIG, call(self->fd, calls[i].nr, self->arg));
		set_head(self->arg, 0xffffffff, 0);
		EXPECT_EQ(E2BIG, call(self->fd, calls[i].nr, self->arg));
	}
}

TEST_F(control, unknown_flag_is_EOPNOTSUPP)
{
	unsigned int i, bit;

	for (i = 0; i < N_CALLS; i++)
		for (bit = 0; bit < 32; bit++) {
			if (calls[i].flags & 1u << bit)
				continue;
			set_gone(self->arg, &calls[i]);
			set_head(self->arg, calls[i].size, 1u << bit);
			EXPECT_EQ(EOPNOTSUPP, call(self->fd, calls[i].nr, self->arg)) {
				TH_LOG("%s, bit %u", calls[i].name, bit);
			}
		}
}

TEST_F(control, reserved_member_that_is_not_zero_is_EINVAL)
{
	unsigned int i;

	for (i = 0; i < N_CALLS; i++) {
		if (calls[i].reserved < 0)
			continue;
		set_gone(self->arg, &calls[i]);
		self->arg[calls[i].reserved] = 1;
		EXPECT_EQ(EINVAL, call(self->fd, calls[i].nr, self->arg)) {
			TH_LOG("%s", calls[i].name);
		}
	}
}

TEST_F(control, bad_address_is_EFAULT)
{
	unsigned int i;

	ASSERT_EQ(0, mprotect(self->arg + PAGE, PAGE, PROT_NONE));
	for (i = 0; i < N_CALLS; i++) {
		EXPECT_EQ(EFAULT, call(self->fd, calls[i].nr, NULL));
		EXPECT_EQ(EFAULT, call(self->fd, calls[i].nr, (void *)-8L));
		/* its head can be read, its end cannot */
		set_head(self->arg + PAGE - 8, calls[i].size, 0);
		EXPECT_EQ(EFAULT, call(self->fd, calls[i].nr, self->arg + PAGE - 8));
	}
}

TEST_F(control, unknown_call_is_ENOTTY)
{
	unsigned int nr, i;
	bool known;

	for (nr = 0; nr < 256; nr++) {
		known = false;
		for (i = 0; i < N_CALLS; i++)
			known |= calls[i].nr == _IO(VTPM_IOC_MAGIC, nr);
		set_head(self->arg, 48, 0);
		if (!known)
			EXPECT_EQ(ENOTTY, call(self->fd, _IO(VTPM_IOC_MAGIC, nr), self->arg));
	}
	EXPECT_EQ(ENOTTY, call(self->fd, _IO(VTPM_IOC_MAGIC + 1, 0), self->arg));
	EXPECT_EQ(ENOTTY, call(self->fd, _IOR(VTPM_IOC_MAGIC, 0, struct vtpm_info), self->arg));
}

TEST_F(control, node_has_nothing_to_read_or_write)
{
	EXPECT_EQ(-1, read(self->fd, self->arg, 10));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, self->arg, 10));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(ESPIPE, errno);
}

/* ---- INFO, LIST, STATUS ---- */

TEST_F(control, info)
{
	struct vtpm_info i = { .size = sizeof(i) };

	ASSERT_EQ(0, call(self->fd, VTPM_IOC_INFO, &i));
	EXPECT_EQ(VTPM_ABI_VERSION, i.abi_version);
	EXPECT_GE(i.instances, 1);
	EXPECT_EQ(VTPM_FEATURE_HASH_PROVIDER | VTPM_FEATURE_CERTIFICATE_PROVIDER |
		  VTPM_FEATURE_REVOCATION | VTPM_FEATURE_PLATFORM | VTPM_FEATURE_HOST_PCRS |
		  VTPM_FEATURE_LOG_PROVIDER | VTPM_FEATURE_LOG, i.features);
	EXPECT_EQ(4096, i.max_instances);
	EXPECT_EQ(4096, i.max_command);
	EXPECT_EQ(MAX_POLICY, i.max_policy);
	EXPECT_EQ(MAX_MANIFEST, i.max_manifest);
	EXPECT_GT(i.max_trust, 0);
	EXPECT_GT(i.max_certs, 0);
	EXPECT_EQ(1 << 20, i.max_measurements);
	EXPECT_EQ(0, i.measurements);
	EXPECT_EQ(0, i.reserved);
	EXPECT_EQ(sizeof(i), i.size);
}

TEST_F(control, list)
{
	struct vtpm_list l = { .size = sizeof(l) };
	uint32_t n[4098], i;
	int other;

	other = ctl_create(self->fd, NULL);
	ASSERT_GE(other, 0);
	memset(n, 0xee, sizeof(n));
	l.numbers = (uintptr_t)n;
	l.count = 1;
	EXPECT_EQ(EMSGSIZE, call(self->fd, VTPM_IOC_LIST, &l));
	EXPECT_EQ(self->count + 1, l.count);
	EXPECT_EQ(0xeeeeeeee, n[0]);
	EXPECT_EQ(0, call(self->fd, VTPM_IOC_LIST, &l));
	EXPECT_EQ(0xeeeeeeee, n[l.count]);
	for (i = 1; i < l.count; i++)
		EXPECT_LT(n[i - 1], n[i]);
	l.count = 0xffffffff;
	EXPECT_EQ(0, call(self->fd, VTPM_IOC_LIST, &l));
	EXPECT_EQ(self->count + 1, l.count);
	l.numbers = 8;
	EXPECT_EQ(EFAULT, call(self->fd, VTPM_IOC_LIST, &l));
	EXPECT_EQ(0, ctl_destroy(self->fd, other));
}

TEST_F(control, status)
{
	struct vtpm_status before, s;
	struct cmd c;
	int fd;

	ASSERT_EQ(0, ctl_status(self->fd, self->number, &before));
	EXPECT_EQ(VTPM_STATE_RUNNING, before.state);
	EXPECT_EQ(before.minor + 1, before.minor_rm);
	EXPECT_EQ(0, before.openers);
	EXPECT_EQ(0, before.policy_size);
	EXPECT_EQ(0, before.policy_changes);
	EXPECT_EQ(0, strncmp(before.name, "selftest-", 9));
	EXPECT_LE(before.memory, 65536);
	EXPECT_GT(before.memory, 0);
	fd = node_open(self->number, true, O_RDWR);
	ASSERT_GE(fd, 0);
	cmd_get_random(&c, 8);
	EXPECT_EQ(RC_SUCCESS, transact(fd, &c, NULL, NULL));
	cmd_begin(&c, 0x8001, 0x20000fff);
	EXPECT_EQ(RC_RM_CODE, transact(fd, &c, NULL, NULL));
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &s));
	EXPECT_EQ(1, s.openers);
	EXPECT_EQ(before.commands + 2, s.commands);
	EXPECT_EQ(before.failures + 1, s.failures);
	close(fd);
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &s));
	EXPECT_EQ(0, s.openers);
	EXPECT_EQ(-ENOENT, ctl_status(self->fd, NO_NUMBER, &s));
	EXPECT_EQ(-ENOENT, ctl_status(self->fd, 0xffffffff, &s));
}

/* ---- CREATE, DESTROY, RESET ---- */

static int create(int fd, const void *name, uint32_t name_size,
		  const void *policy, uint32_t policy_size, struct vtpm_create *c)
{
	memset(c, 0, sizeof(*c));
	c->size = sizeof(*c);
	c->name = (uintptr_t)name;
	c->name_size = name_size;
	c->policy = (uintptr_t)policy;
	c->policy_size = policy_size;
	memset(&c->error, 0x55, sizeof(c->error));
	return call(fd, VTPM_IOC_CREATE, c);
}

TEST_F(control, create_refuses_bad_names)
{
	static const char long_name[] =
		"0123456789012345678901234567890123456789012345678901234567890123";
	struct vtpm_create c;
	char one[3] = "aXb";
	int i;

	EXPECT_EQ(EINVAL, create(self->fd, "x", 0, NULL, 0, &c));
	EXPECT_EQ(0, c.error.line);
	EXPECT_EQ(0, c.error.reason[0]);
	EXPECT_EQ(EINVAL, create(self->fd, long_name, 64, NULL, 0, &c));
	EXPECT_EQ(EINVAL, create(self->fd, long_name, 0xffffffff, NULL, 0, &c));
	for (i = 0; i < 256; i++) {
		one[1] = i;
		if (i < 128 && (strchr("._-", i) || (i >= '0' && i <= '9') ||
				(i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z')) && i)
			continue;
		EXPECT_EQ(EINVAL, create(self->fd, one, 3, NULL, 0, &c)) {
			TH_LOG("byte %d", i);
		}
	}
	EXPECT_EQ(EFAULT, create(self->fd, (void *)8, 3, NULL, 0, &c));
	ASSERT_EQ(0, create(self->fd, long_name, 63, NULL, 0, &c));
	EXPECT_EQ(0, ctl_destroy(self->fd, c.number));
	ASSERT_EQ(0, create(self->fd, "aZ09._-", 7, NULL, 0, &c));
	EXPECT_EQ(0, ctl_destroy(self->fd, c.number));
}

TEST_F(control, create_wants_a_name_of_its_own)
{
	struct vtpm_create a, b;

	ASSERT_EQ(0, create(self->fd, "twin", 4, NULL, 0, &a));
	EXPECT_EQ(EEXIST, create(self->fd, "twin", 4, NULL, 0, &b));
	EXPECT_EQ(0, ctl_destroy(self->fd, a.number));
	ASSERT_EQ(0, create(self->fd, "twin", 4, NULL, 0, &b));
	/* the lowest number that is free */
	EXPECT_EQ(a.number, b.number);
	EXPECT_EQ(a.minor, b.minor);
	EXPECT_EQ(0, ctl_destroy(self->fd, b.number));
}

TEST_F(control, create_tells_what_is_wrong_in_a_policy)
{
	static const char bad[] = "bank sha256\nnonsense here\n";
	static char big[MAX_POLICY + 1];
	struct vtpm_create c;

	EXPECT_EQ(EINVAL, create(self->fd, "bad", 3, bad, sizeof(bad) - 1, &c));
	EXPECT_EQ(2, c.error.line);
	EXPECT_EQ(1, c.error.column);
	EXPECT_GT(strnlen(c.error.reason, VTPM_REASON_MAX), 0);
	EXPECT_LT(strnlen(c.error.reason, VTPM_REASON_MAX), VTPM_REASON_MAX);
	memset(big, '\n', sizeof(big));
	EXPECT_EQ(E2BIG, create(self->fd, "bad", 3, big, sizeof(big), &c));
	EXPECT_EQ(E2BIG, create(self->fd, "bad", 3, big, 0xffffffff, &c));
	EXPECT_EQ(EFAULT, create(self->fd, "bad", 3, (void *)8, 100, &c));
	ASSERT_EQ(0, create(self->fd, "good", 4, big, MAX_POLICY, &c));
	EXPECT_EQ(0, ctl_destroy(self->fd, c.number));
}

TEST_F(control, create_changes_nothing_when_it_could_not_answer)
{
	struct vtpm_create *c = (void *)self->arg;

	c->size = sizeof(*c);
	strcpy((char *)self->arg + 1024, "unanswered");
	c->name = (uintptr_t)self->arg + 1024;
	c->name_size = 10;
	ASSERT_EQ(0, mprotect(self->arg, PAGE, PROT_READ));
	EXPECT_EQ(EFAULT, call(self->fd, VTPM_IOC_CREATE, c));
	EXPECT_EQ(self->count, ctl_count(self->fd));
	ASSERT_EQ(0, mprotect(self->arg, PAGE, PROT_READ | PROT_WRITE));
	ASSERT_EQ(0, call(self->fd, VTPM_IOC_CREATE, c));
	EXPECT_EQ(0, ctl_destroy(self->fd, c->number));
}

TEST_F(control, destroy)
{
	char path[64];
	struct stat st;
	int n;

	n = ctl_create(self->fd, NULL);
	ASSERT_GE(n, 0);
	node_path(path, sizeof(path), n, true);
	EXPECT_EQ(0, stat(path, &st));
	EXPECT_EQ(0, ctl_destroy(self->fd, n));
	EXPECT_EQ(-1, stat(path, &st));
	EXPECT_EQ(-ENOENT, ctl_destroy(self->fd, n));
	EXPECT_EQ(-ENOENT, ctl_destroy(self->fd, NO_NUMBER));
	EXPECT_EQ(-ENOENT, ctl_destroy(self->fd, 0xffffffff));
}

TEST_F(control, reset_is_a_power_cycle)
{
	char start[80], extended[80], after[80];
	struct vtpm_status before, s;
	struct cmd c;
	int fd;

	fd = node_open(self->number, true, O_RDWR);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &before));
	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/3", start, sizeof(start)));
	cmd_pcr_extend(&c, 3, 7);
	ASSERT_EQ(RC_SUCCESS, transact(fd, &c, NULL, NULL));
	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/3", extended, sizeof(extended)));
	EXPECT_STRNE(start, extended);
	ASSERT_EQ(0, ctl_reset(self->fd, self->number));
	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/3", after, sizeof(after)));
	EXPECT_STREQ(start, after);
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &s));
	EXPECT_EQ(before.resets + 1, s.resets);
	EXPECT_EQ(VTPM_STATE_RUNNING, s.state);
	/* started, and open files go on */
	cmd_get_random(&c, 8);
	EXPECT_EQ(RC_SUCCESS, transact(fd, &c, NULL, NULL));
	close(fd);
	EXPECT_EQ(-ENOENT, ctl_reset(self->fd, NO_NUMBER));
}

TEST_F(control, reset_while_a_key_is_made)
{
	double start;
	struct cmd c;
	int fd;

	fd = node_open(self->number, true, O_RDWR | O_NONBLOCK);
	ASSERT_GE(fd, 0);
	cmd_long(&c, 11);
	ASSERT_EQ(c.n, write(fd, c.b, c.n));
	start = now();
	EXPECT_EQ(0, ctl_reset(self->fd, self->number));
	EXPECT_LT(now() - start, 5.0);
	close(fd);
}

TEST_HARNESS_MAIN
