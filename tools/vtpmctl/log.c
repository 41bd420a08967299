// SPDX-License-Identifier: GPL-2.0-only
/* The measurement log: read, and shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define EV_NO_ACTION	3
#define EV_EVENT_TAG	6
#define TAG_EXTEND	0x76740001
#define TAG_EVENT	0x76740002
#define TAG_IMA		0x76740003
#define TAG_INSTEAD	0x76740004
#define SIGNATURE	16
#define SHOWN_MAX	48	/* characters of an event */

/* ---- reading ---- */

struct cursor {
	const uint8_t *p;
	size_t left;
	bool bad;
};

static const uint8_t *take(struct cursor *c, size_t n)
{
	const uint8_t *p = c->p;

	if (c->bad || c->left < n) {
		c->bad = true;
		return NULL;
	}
	c->p += n;
	c->left -= n;
	return p;
}

static uint32_t number(struct cursor *c, size_t bytes)
{
	const uint8_t *p = take(c, bytes);
	uint32_t v = 0;

	while (p && bytes--)
		v = v << 8 | p[bytes];
	return v;
}

/* Which of ctl_algs it is; -1: none. */
static int alg_of(uint32_t id)
{
	static const uint16_t ids[CTL_BANKS] = { 0x0004, 0x000b, 0x000c, 0x000d };
	int i;

	for (i = 0; i < CTL_BANKS; i++)
		if (ids[i] == id)
			return i;
	return -1;
}

static bool parse_head(struct cursor *c, struct ctl_log *log)
{
	struct cursor event;
	uint32_t count;
	int alg;

	take(c, 4);
	if (number(c, 4) != EV_NO_ACTION || !take(c, 20))
		return false;
	event.left = number(c, 4);
	event.p = take(c, event.left);
	event.bad = !event.p;
	if (event.bad || event.left < SIGNATURE || memcmp(event.p, "Spec ID Event03", SIGNATURE))
		return false;
	take(&event, SIGNATURE + 8);
	for (count = number(&event, 4); count && !event.bad; count--) {
		alg = alg_of(number(&event, 2));
		if (alg < 0 || number(&event, 2) != ctl_algs[alg].size)
			return false;
		log->bank[alg] = true;
	}
	return !event.bad;
}

static bool parse_digests(struct cursor *c, const uint8_t *digest[CTL_BANKS])
{
	uint32_t count = number(c, 4);
	int alg;

	memset(digest, 0, CTL_BANKS * sizeof(*digest));
	for (; count && !c->bad; count--) {
		alg = alg_of(number(c, 2));
		if (alg < 0 || digest[alg])
			return false;
		digest[alg] = take(c, ctl_algs[alg].size);
	}
	return !c->bad;
}

/* A provider, and digests: of start values and of what was taken instead. */
static bool parse_values(struct cursor *c, char provider[32], const uint8_t *digest[CTL_BANKS])
{
	size_t len = number(c, 1);
	const uint8_t *name = take(c, len);

	if (!name || len >= 32)
		return false;
	memcpy(provider, name, len);
	provider[len] = 0;
	return parse_digests(c, digest);
}

static bool parse_no_action(struct cursor *event, struct ctl_log_entry *e)
{
	const uint8_t *signature = take(event, SIGNATURE);

	if (!signature)
		return false;
	if (!memcmp(signature, "vTPM LostEvents", SIGNATURE)) {
		e->kind = CTL_LOG_LOST;
		e->lost = number(event, 4);
		memset(e->digest, 0, sizeof(e->digest));	/* zeros, which say nothing */
		return !event->bad;
	}
	if (memcmp(signature, "vTPM StartValue", SIGNATURE))
		return false;
	e->kind = CTL_LOG_START;
	return parse_values(event, e->provider, e->digest);
}

/* One tag and the bytes that are its own. */
static uint32_t next_tag(struct cursor *c, struct cursor *of)
{
	uint32_t tag = number(c, 4);

	of->left = number(c, 4);
	of->p = take(c, of->left);
	of->bad = !of->p;
	return tag;
}

const uint8_t *ctl_log_instead(const struct ctl_log_entry *e, const char *provider,
			       unsigned int bank)
{
	struct cursor c = { e->tags, e->tags_len, false }, of;
	const uint8_t *digest[CTL_BANKS];
	char name[32];

	while (c.left && next_tag(&c, &of) && parse_values(&of, name, digest))
		if (!strcmp(name, provider))
			return digest[bank];
	return NULL;
}

/* All that may stand behind the first tag. */
static bool parse_insteads(struct cursor c)
{
	const uint8_t *digest[CTL_BANKS];
	struct cursor of;
	char name[32];

	while (c.left)
		if (next_tag(&c, &of) != TAG_INSTEAD || !parse_values(&of, name, digest) ||
		    of.left)
			return false;
	return true;
}

static bool parse_tagged(struct cursor *whole, struct ctl_log_entry *e)
{
	struct cursor of, *event = &of;
	uint32_t tag = next_tag(whole, event);

	if (event->bad || tag < TAG_EXTEND || tag > TAG_IMA || !parse_insteads(*whole))
		return false;
	e->tags = whole->p;
	e->tags_len = whole->left;
	e->kind = CTL_LOG_IMA;
	if (tag == TAG_EXTEND)
		e->kind = CTL_LOG_EXTEND;
	else if (tag == TAG_EVENT)
		e->kind = CTL_LOG_EVENT;
	e->locality = number(event, 1);
	e->data = event->p;
	e->len = event->left;
	return !event->bad;
}

static bool parse_entry(struct cursor *c, struct ctl_log_entry *e)
{
	struct cursor event;
	uint32_t type;

	*e = (struct ctl_log_entry){ .pcr = number(c, 4) };
	type = number(c, 4);
	if (!parse_digests(c, e->digest) || e->pcr >= VTPMCTL_PCRS)
		return false;
	event.left = number(c, 4);
	event.p = take(c, event.left);
	event.bad = !event.p;
	if (event.bad)
		return false;
	if (type == EV_NO_ACTION)
		return parse_no_action(&event, e);
	return type == EV_EVENT_TAG && parse_tagged(&event, e);
}

int ctl_log_parse(const char *what, char *bytes, size_t len, struct ctl_log *log)
{
	struct cursor c = { (const uint8_t *)bytes, len, false };
	size_t room = 0;

	*log = (struct ctl_log){ .bytes = bytes, .len = len };
	if (!parse_head(&c, log)) {
		ctl_log_free(log);
		return ctl_fail(CTL_GENERAL, what, "is no measurement log in the TCG's form");
	}
	while (c.left) {
		if (log->count == room) {
			room = 2 * room + 64;
			log->entry = ctl_resize(log->entry, room * sizeof(*log->entry));
		}
		if (!parse_entry(&c, &log->entry[log->count])) {
			room = log->count;
			ctl_log_free(log);
			return ctl_fail(CTL_GENERAL, what,
					"entry %zu is not of an instance's log", room + 1);
		}
		log->count++;
	}
	return CTL_OK;
}

int ctl_log_read(const char *path, struct ctl_log *log)
{
	char *bytes;
	size_t len;
	int code = ctl_read_file(path, CTL_LOG_MAX, &bytes, &len);

	return code ?: ctl_log_parse(ctl_file_name(path), bytes, len, log);
}

void ctl_log_free(struct ctl_log *log)
{
	free(log->bytes);
	free(log->entry);
	*log = (struct ctl_log){ };
}

/* ---- show ---- */

static const char *const kind_names[] = {
	[CTL_LOG_EXTEND] = "extend",
	[CTL_LOG_EVENT] = "event",
	[CTL_LOG_IMA] = "ima-ng",
	[CTL_LOG_START] = "start",
	[CTL_LOG_LOST] = "lost",
};

/* Letters of @data, others as dots; what is too long ends in dots. */
static char *words(const uint8_t *data, size_t len)
{
	size_t n = len > SHOWN_MAX ? SHOWN_MAX - 3 : len, i;
	char *text = ctl_alloc(SHOWN_MAX + 1, 1);

	for (i = 0; i < n; i++)
		text[i] = data[i] >= 0x20 && data[i] < 0x7f ? data[i] : '.';
	if (n < len)
		strcpy(text + n, "...");
	return text;
}

/* The name in a template: behind the digest, with a zero that is no part of it. */
static char *ima_name(const struct ctl_log_entry *e)
{
	struct cursor c = { e->data, e->len, false };
	size_t len = number(&c, 4);
	const uint8_t *name;

	take(&c, len);
	len = number(&c, 4);
	name = take(&c, len);
	return name && len ? words(name, len - 1) : words(e->data, e->len);
}

static char *about(const struct ctl_log_entry *e)
{
	switch (e->kind) {
	case CTL_LOG_EVENT:
		return words(e->data, e->len);
	case CTL_LOG_IMA:
		return ima_name(e);
	case CTL_LOG_START:
		return e->provider[0] ? ctl_format("mapped by %s", e->provider) :
					ctl_format("reset");
	case CTL_LOG_LOST:
		return ctl_format("%u entries are not here", e->lost);
	default:
		return ctl_format("-");
	}
}

/* Of the bank that was asked for, or of the strongest that there is. */
static char *shown_digest(const struct ctl *ctl, const struct ctl_log_entry *e)
{
	int i;

	for (i = CTL_BANKS - 1; i >= 0; i--)
		if (e->digest[i] && (!ctl->bank || !strcmp(ctl->bank, ctl_algs[i].name)))
			return ctl_hex(e->digest[i], ctl_algs[i].size);
	return ctl_format("-");
}

static void print_table(const struct ctl *ctl, const struct ctl_log *log)
{
	static const char *const heads[] = { "PCR", "KIND", "LOCALITY", "DIGEST", "EVENT" };
	const struct ctl_log_entry *e;
	struct ctl_table table;
	size_t i;

	ctl_table_init(&table, ARRAY_SIZE(heads), 1 << 0 | 1 << 2);
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		ctl_table_add(&table, ctl_format("%s", heads[i]));
	for (e = log->entry; e < log->entry + log->count; e++) {
		ctl_table_add(&table, ctl_format("%u", e->pcr));
		ctl_table_add(&table, ctl_format("%s", kind_names[e->kind]));
		ctl_table_add(&table, e->kind < CTL_LOG_START ? ctl_format("%u", e->locality) :
								ctl_format("-"));
		ctl_table_add(&table, shown_digest(ctl, e));
		ctl_table_add(&table, about(e));
	}
	ctl_table_print(&table);
}

static struct json_object *entry_json(const struct ctl_log_entry *e)
{
	struct json_object *o = json_object_new_object(), *digests = json_object_new_object();
	char *text;
	int i;

	ctl_json_number(o, "pcr", e->pcr);
	ctl_json_string(o, "kind", kind_names[e->kind]);
	if (e->kind < CTL_LOG_START)
		ctl_json_number(o, "locality", e->locality);
	if (e->kind == CTL_LOG_LOST)
		ctl_json_number(o, "lost", e->lost);
	if (e->kind == CTL_LOG_START)
		ctl_json_string(o, "provider", e->provider);
	for (i = 0; i < CTL_BANKS && e->kind != CTL_LOG_LOST; i++) {
		if (!e->digest[i])
			continue;
		text = ctl_hex(e->digest[i], ctl_algs[i].size);
		ctl_json_string(digests, ctl_algs[i].name, text);
		free(text);
	}
	json_object_object_add(o, "digests", digests);
	if (e->len) {
		text = ctl_hex(e->data, e->len);
		ctl_json_string(o, "data", text);
		free(text);
	}
	return o;
}

static void print_json(const struct ctl_log *log)
{
	struct json_object *list = json_object_new_array(), *object = json_object_new_object();
	size_t i;

	for (i = 0; i < log->count; i++)
		json_object_array_add(list, entry_json(&log->entry[i]));
	json_object_object_add(object, "entries", list);
	ctl_json_print(object);
}

/* The log file of an instance in sysfs; to be freed. NULL: @code says why. */
static char *log_path(struct ctl *ctl, const char *name, int *code)
{
	struct ctl_ref ref;

	*code = ctl_resolve_sysfs(ctl, name, &ref);
	return *code ? NULL : ctl_format("%s/vtpm%u/binary_bios_measurements", ctl->sysfs,
					 ref.number);
}

int ctl_log_show(struct ctl *ctl, int argc, char **argv)
{
	struct ctl_log log;
	char *path;
	int code;

	if (!argc == !ctl->log)
		return ctl_fail(CTL_USAGE, "log show", "needs a NAME or --log FILE, and not both");
	path = argc ? log_path(ctl, argv[0], &code) : ctl_format("%s", ctl->log);
	if (!path)
		return code;
	code = ctl_log_read(path, &log);
	free(path);
	if (code)
		return code;
	if (ctl->json)
		print_json(&log);
	else
		print_table(ctl, &log);
	ctl_log_free(&log);
	return CTL_OK;
}
