/*
 * The sockets of a node's sandbox that somebody outside uses. Those that listen are made here, where their addresses are, and
 * handed to the agent: whatever is accepted from one has come from this node, and that is all the proof it takes. Those that
 * connect, for the files of tasks, go where the node's own network leads and nowhere else.
 */
#define _GNU_SOURCE
#include "listeners.h"
#include "report.h"
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int channel_fd = -1;

enum { BACKLOG = 511 };

static bool set_address(int fd, unsigned long request, const char *name, const char *address) {
    struct ifreq interface = {0};
    strncpy(interface.ifr_name, name, IFNAMSIZ - 1);
    struct sockaddr_in *value = (struct sockaddr_in *)&interface.ifr_addr;
    value->sin_family = AF_INET;
    return inet_pton(AF_INET, address, &value->sin_addr) == 1 && ioctl(fd, request, &interface) == 0;
}

/* The address of the instance metadata service is the node's own, and with it all link-local ones, and that of Azure's host
   agent: no packet to them ever leaves for the machine's, which may be a cloud's. */
bool raise_loopback(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    bool raised = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &loopback) == 0 &&
                  set_address(fd, SIOCSIFADDR, "lo:0", "169.254.169.254") &&
                  set_address(fd, SIOCSIFNETMASK, "lo:0", "255.255.0.0") &&
                  set_address(fd, SIOCSIFADDR, "lo:1", "168.63.129.16") &&
                  set_address(fd, SIOCSIFNETMASK, "lo:1", "255.255.255.255");
    if (fd >= 0) close(fd);
    return raised;
}

struct place {
    struct sockaddr_storage name;
    socklen_t size;
};

/* `1.2.3.4:5`, or `[::1]:5`. */
static bool parse(const char *address, struct place *place) {
    char host[INET6_ADDRSTRLEN];
    unsigned port;
    struct sockaddr_in *four = (struct sockaddr_in *)&place->name;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&place->name;
    *place = (struct place){0};
    if (sscanf(address, "%45[0-9.]:%u", host, &port) == 2 && inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        place->size = sizeof *four;
    } else if (sscanf(address, "[%45[0-9a-fA-F:]]:%u", host, &port) == 2 && inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)port);
        place->size = sizeof *six;
    } else
        errno = EINVAL;
    return place->size > 0;
}

static int socket_for(const struct place *place, int type) {
    return socket(place->name.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* In the form that Node.js reads from the `ipc` channel of a child of its own. `type` is JSON, and may be followed by more of it. */
static bool pass(unsigned long id, const char *type, int fd) {
    char line[128];
    int length = snprintf(line, sizeof line, "{\"cmd\":\"NODE_HANDLE\",\"type\":%s,\"msg\":%lu}\n", type, id);
    struct iovec text = {line, (size_t)length};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &text, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space};
    control.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    return sendmsg(channel_fd, &message, MSG_NOSIGNAL) == length;
}

void pass_listener(unsigned long id, const char *address) {
    struct place place;
    int fd = -1, one = 1;
    if (!parse(address, &place) || (fd = socket_for(&place, SOCK_STREAM)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, (struct sockaddr *)&place.name, place.size) != 0 || listen(fd, BACKLOG) != 0 ||
        !pass(id, "\"net.Server\"", fd))
        tell("failed %lu listen %d\n", id, errno);
    if (fd >= 0) close(fd);
}

/* Nobody waits here: the agent finds out from the socket whether somebody has answered. */
void pass_connection(unsigned long id, const char *address) {
    struct place place;
    int fd = -1;
    if (!parse(address, &place) || (fd = socket_for(&place, SOCK_STREAM)) < 0 ||
        (connect(fd, (struct sockaddr *)&place.name, place.size) != 0 && errno != EINPROGRESS) ||
        !pass(id, "\"net.Socket\"", fd))
        tell("failed %lu connect %d\n", id, errno);
    if (fd >= 0) close(fd);
}

/* For datagrams: it has an address, to which answers come, and no peer. */
void pass_bound(unsigned long id, const char *address) {
    struct place place;
    int fd = -1;
    if (!parse(address, &place) || (fd = socket_for(&place, SOCK_DGRAM)) < 0 ||
        bind(fd, (struct sockaddr *)&place.name, place.size) != 0 ||
        !pass(id,
              place.name.ss_family == AF_INET6 ? "\"dgram.Socket\",\"dgramType\":\"udp6\"" : "\"dgram.Socket\",\"dgramType\":\"udp4\"",
              fd))
        tell("failed %lu bind %d\n", id, errno);
    if (fd >= 0) close(fd);
}

void pass_stream(unsigned long id, int stream) {
    if (!pass(id, "\"net.Socket\"", stream)) tell("failed %lu stream %d\n", id, errno);
}
