// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of /dev/vtpmctl that take what users wrote: policies, trusted parties and
 * manifests. What all calls have in common is ioctls.c's subject.
 */
#include "control.h"

/* ---- POLICY_GET, POLICY_SET ---- */

static const char policy[] = "# ours\nseal pcr=0-7 provider=hash\n";

static int set_policy(int fd, unsigned int n, uint32_t flags, const void *text, uint32_t size,
		      struct vtpm_policy_text *p)
{
	memset(p, 0, sizeof(*p));
	set_head(p, sizeof(*p), flags);
	p->text = (uintptr_t)text;
	p->text_size = size;
	p->number = n;
	return call(fd, VTPM_IOC_POLICY_SET, p);
}

static int get_policy(int fd, unsigned int n, char *text, uint32_t *size)
{
	struct vtpm_policy_text p = { .size = sizeof(p) };
	int ret;

	p.text = (uintptr_t)text;
	p.text_size = *size;
	p.number = n;
	ret = call(fd, VTPM_IOC_POLICY_GET, &p);
	*size = p.text_size;
	return ret;
}

TEST_F(control, policy_set_and_get)
{
	struct vtpm_policy_text p;
	struct vtpm_status s;
	uint32_t size = 0;
	char text[256];

	EXPECT_EQ(0, get_policy(self->fd, self->number, NULL, &size));
	EXPECT_EQ(0, size);
	ASSERT_EQ(0, set_policy(self->fd, self->number, 0, policy, strlen(policy), &p));
	memset(text, 'x', sizeof(text));
	size = strlen(policy) - 1;
	EXPECT_EQ(EMSGSIZE, get_policy(self->fd, self->number, text, &size));
	EXPECT_EQ(strlen(policy), size);
	EXPECT_EQ('x', text[0]);
	EXPECT_EQ(0, get_policy(self->fd, self->number, text, &size));
	EXPECT_EQ(0, memcmp(text, policy, size));
	EXPECT_EQ('x', text[size]);
	size = 0xffffffff;
	EXPECT_EQ(0, get_policy(self->fd, self->number, text, &size));
	EXPECT_EQ(strlen(policy), size);
	EXPECT_EQ(EFAULT, get_policy(self->fd, self->number, (char *)8, &size));
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &s));
	EXPECT_EQ(strlen(policy), s.policy_size);
	EXPECT_EQ(1, s.policy_changes);
	EXPECT_EQ(ENOENT, get_policy(self->fd, NO_NUMBER, text, &size));
	EXPECT_EQ(ENOENT, set_policy(self->fd, NO_NUMBER, 0, policy, strlen(policy), &p));
}

TEST_F(control, bad_policy_changes_nothing)
{
	static const char bad[] = "seal pcr=0-7 provider=hash\n  seal pcr=99 provider=hash\n";
	static char big[MAX_POLICY + 1];
	struct vtpm_policy_text p;
	uint32_t size = 256;
	char text[256];

	ASSERT_EQ(0, set_policy(self->fd, self->number, 0, policy, strlen(policy), &p));
	EXPECT_EQ(EINVAL, set_policy(self->fd, self->number, 0, bad, strlen(bad), &p));
	EXPECT_EQ(2, p.error.line);
	EXPECT_GT(p.error.column, 2);
	EXPECT_NE(0, p.error.reason[0]);
	EXPECT_EQ(E2BIG, set_policy(self->fd, self->number, 0, big, sizeof(big), &p));
	EXPECT_EQ(EFAULT, set_policy(self->fd, self->number, 0, (void *)8, 10, &p));
	/* a bank that has not been there from the beginning has missed what came before */
	EXPECT_EQ(EINVAL, set_policy(self->fd, self->number, 0, "bank sha1 sha256\n", 17, &p));
	ASSERT_EQ(0, get_policy(self->fd, self->number, text, &size));
	EXPECT_EQ(strlen(policy), size);
	EXPECT_EQ(0, memcmp(text, policy, size));
}

/* A policy says itself who may replace it. Signatures are ctl.sh's subject. */
TEST_F(control, update_rule)
{
	static const char never[] = "update never\n", with_key[] = "update signed=nobody\n";
	struct vtpm_policy_text p;
	struct vtpm_status s;

	EXPECT_EQ(EBADMSG, set_policy(self->fd, self->number, VTPM_POLICY_SIGNED, never,
				      strlen(never), &p));
	EXPECT_EQ(EINVAL, set_policy(self->fd, self->number, VTPM_POLICY_SIGNED, never, 0, &p));
	EXPECT_EQ(EOPNOTSUPP, set_policy(self->fd, self->number, 4, never, strlen(never), &p));
	ASSERT_EQ(0, set_policy(self->fd, self->number, 0, with_key, strlen(with_key), &p));
	EXPECT_EQ(EACCES, set_policy(self->fd, self->number, 0, never, strlen(never), &p));
	EXPECT_EQ(0, p.error.line);
	EXPECT_NE(NULL, strstr(p.error.reason, "nobody"));
	EXPECT_EQ(0, set_policy(self->fd, self->number, VTPM_POLICY_CHECK, never, strlen(never),
				&p));
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &s));
	EXPECT_EQ(1, s.policy_changes);
}

TEST_F(control, policy_check_touches_no_instance)
{
	struct vtpm_policy_text p;
	struct vtpm_status s;

	EXPECT_EQ(0, set_policy(self->fd, NO_NUMBER, VTPM_POLICY_CHECK, policy, strlen(policy),
				&p));
	EXPECT_EQ(0, set_policy(self->fd, self->number, VTPM_POLICY_CHECK, policy,
				strlen(policy), &p));
	EXPECT_EQ(EINVAL, set_policy(self->fd, self->number, VTPM_POLICY_CHECK, "x\n", 2, &p));
	EXPECT_EQ(1, p.error.line);
	EXPECT_EQ(EINVAL, set_policy(self->fd, self->number, VTPM_POLICY_CHECK, "\0", 1, &p));
	ASSERT_EQ(0, ctl_status(self->fd, self->number, &s));
	EXPECT_EQ(0, s.policy_size);
	EXPECT_EQ(0, s.policy_changes);
}

/* ---- trusted parties and manifests; what they mean is tested elsewhere ---- */

static int blob(int fd, unsigned long nr, const char *name, const void *data, uint32_t size,
		struct vtpm_blob *b)
{
	memset(b, 0, sizeof(*b));
	b->size = sizeof(*b);
	b->data = (uintptr_t)data;
	b->data_size = size;
	strcpy(b->name, name);
	return call(fd, nr, b);
}

TEST_F(control, trust_add_and_cert_load_refuse)
{
	static uint8_t big[MAX_MANIFEST + 1];
	struct vtpm_blob b;

	EXPECT_EQ(EBADMSG, blob(self->fd, VTPM_IOC_TRUST_ADD, "it", "rubbish", 7, &b));
	EXPECT_EQ(EINVAL, blob(self->fd, VTPM_IOC_TRUST_ADD, "", "rubbish", 7, &b));
	EXPECT_EQ(EINVAL, blob(self->fd, VTPM_IOC_TRUST_ADD, "a/b", "rubbish", 7, &b));
	EXPECT_EQ(EINVAL, blob(self->fd, VTPM_IOC_TRUST_ADD, "it", NULL, 0, &b));
	EXPECT_EQ(EFAULT, blob(self->fd, VTPM_IOC_TRUST_ADD, "it", (void *)8, 7, &b));
	EXPECT_EQ(E2BIG, blob(self->fd, VTPM_IOC_TRUST_ADD, "it", big, MAX_DER + 1, &b));
	memset(&b, 0, sizeof(b));
	b.size = sizeof(b);
	b.data = (uintptr_t)"rubbish";
	b.data_size = 7;
	memset(b.name, 'a', sizeof(b.name));	/* does not end */
	EXPECT_EQ(EINVAL, call(self->fd, VTPM_IOC_TRUST_ADD, &b));

	EXPECT_EQ(EBADMSG, blob(self->fd, VTPM_IOC_CERT_LOAD, "", "rubbish", 7, &b));
	EXPECT_EQ(EINVAL, blob(self->fd, VTPM_IOC_CERT_LOAD, "", NULL, 0, &b));
	EXPECT_EQ(EFAULT, blob(self->fd, VTPM_IOC_CERT_LOAD, "", (void *)8, 7, &b));
	EXPECT_EQ(E2BIG, blob(self->fd, VTPM_IOC_CERT_LOAD, "", big, MAX_MANIFEST + 1, &b));
	EXPECT_EQ(E2BIG, blob(self->fd, VTPM_IOC_CERT_LOAD, "", big, 0xffffffff, &b));
}

TEST_F(control, removal_of_what_is_not_there)
{
	static const unsigned long nr[] = { VTPM_IOC_TRUST_REMOVE, VTPM_IOC_CERT_REMOVE };
	struct vtpm_named n;
	int i;

	for (i = 0; i < 2; i++) {
		memset(&n, 0, sizeof(n));
		n.size = sizeof(n);
		EXPECT_EQ(EINVAL, call(self->fd, nr[i], &n));
		strcpy(n.name, "a b");
		EXPECT_EQ(EINVAL, call(self->fd, nr[i], &n));
		memset(n.name, 'a', sizeof(n.name));
		EXPECT_EQ(EINVAL, call(self->fd, nr[i], &n));
		n.name[VTPM_NAME_MAX] = 0;
		EXPECT_EQ(ENOENT, call(self->fd, nr[i], &n));
	}
}

TEST_F(control, entries_and_their_sizes)
{
	static const struct {
		unsigned long nr;
		uint32_t size;
		uint32_t first;		/* of the first version */
	} lists[] = {
		{ VTPM_IOC_TRUST_LIST, sizeof(struct vtpm_trust_entry),
		  sizeof(struct vtpm_trust_entry) },
		{ VTPM_IOC_CERT_LIST, sizeof(struct vtpm_cert_entry),
		  offsetof(struct vtpm_cert_entry, version) },
	};
	struct vtpm_entries e;
	uint32_t size;
	int i;

	for (i = 0; i < 2; i++) {
		for (size = 0; size < lists[i].first; size++) {
			e = (struct vtpm_entries){ .size = sizeof(e), .entry_size = size };
			ASSERT_EQ(EINVAL, call(self->fd, lists[i].nr, &e));
		}
		e = (struct vtpm_entries){ .size = sizeof(e), .entry_size = PAGE + 1 };
		EXPECT_EQ(E2BIG, call(self->fd, lists[i].nr, &e));
		e = (struct vtpm_entries){ .size = sizeof(e), .entry_size = lists[i].size + 8 };
		EXPECT_EQ(0, call(self->fd, lists[i].nr, &e));
		EXPECT_EQ(0, e.count);
		EXPECT_EQ(lists[i].size, e.entry_size);
		e.count = 0xffffffff;
		EXPECT_EQ(0, call(self->fd, lists[i].nr, &e));
		EXPECT_EQ(0, e.count);
	}
}

TEST_HARNESS_MAIN
