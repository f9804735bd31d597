// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pickle.h"

#include "core/io/weights/pickle_machine.h"

#include <charconv>

namespace bitwright::pickle {

Result<void> Machine::step(char code)
{
    if (m_objects.size() > kMostObjects || m_stack.size() > kMostObjects || m_memo.size() > kMostObjects)
        return tooLarge();
    if (structure(code) || build(code))
        return {};
    switch (code) {
    case '\x80': // PROTO
        return fixed<uint8_t>() ? Result<void>() : damaged();
    case '\x95': // FRAME
        return fixed<uint64_t>() ? Result<void>() : damaged();
    case 'I': case 'J': case 'K': case 'M': case 'L': case '\x8a': case '\x8b': case 'F': case 'G':
        return number(code);
    case 'S': case 'T': case 'U': case 'V': case 'X': case '\x8c': case '\x8d':
    case 'B': case 'C': case '\x8e': case '\x96':
        return string(code);
    case 'g': case 'h': case 'j': case 'p': case 'q': case 'r': case '\x94':
        return memo(code);
    case 'c': case '\x93': case 'i': case 'P':
        return global(code);
    default:
        return damaged();
    }
}

/// Opcodes without an argument that make and fill containers. False for any other.
bool Machine::structure(char code)
{
    switch (code) {
    case '(': push(make(Object::Mark)); return true;
    case 'N': push(make(Object::None)); return true;
    case '\x88': push(make(Object::Bool))->number = 1; return true;
    case '\x89': push(make(Object::Bool)); return true;
    case ']': case '\x8f': push(make(Object::List)); return true;
    case '}': push(make(Object::Dict)); return true;
    case ')': push(make(Object::Tuple)); return true;
    case 't': container(Object::Tuple, popToMark()); return true;
    case 'l': case '\x91': container(Object::List, popToMark()); return true;
    case '\x85': container(Object::Tuple, popLast(1)); return true;
    case '\x86': container(Object::Tuple, popLast(2)); return true;
    case '\x87': container(Object::Tuple, popLast(3)); return true;
    case 'd':
        if (container(Object::Dict, popToMark())->items.size() % 2 != 0)
            m_failed = true;
        return true;
    case 'a': addItems(Object::List, {pop()}); return true;
    case 'e': case '\x90': addItems(Object::List, popToMark()); return true;
    case 's': addItems(Object::Dict, popLast(2)); return true;
    case 'u': addItems(Object::Dict, popToMark()); return true;
    default: return false;
    }
}

/// Opcodes without an argument that call and build objects (which is only noted), and that move the stack.
bool Machine::build(char code)
{
    switch (code) {
    case '0': // POP also removes a mark
        if (m_stack.empty())
            m_failed = true;
        else
            m_stack.pop_back();
        return true;
    case '1': popToMark(); return true;
    case '2': push(top()); return true;
    case 'R': case '\x81': // REDUCE, NEWOBJ: callable, arguments
        container(Object::Call, popLast(2));
        return true;
    case '\x92': { // NEWOBJ_EX: class, arguments, keyword arguments
        std::vector<Object*> items = popLast(3);
        items.pop_back();
        container(Object::Call, std::move(items));
        return true;
    }
    case 'o': { // OBJ: mark, class, arguments
        std::vector<Object*> items = popToMark();
        Object* callable = items.empty() ? fail() : items.front();
        Object* arguments = make(Object::Tuple);
        if (!items.empty())
            arguments->items.assign(items.begin() + 1, items.end());
        container(Object::Call, {callable, arguments});
        return true;
    }
    case 'b': { // BUILD
        Object* state = pop();
        Object* object = top();
        object->state = state;
        return true;
    }
    case 'Q': container(Object::Persistent, popLast(1)); return true;
    default: return false;
    }
}

Result<void> Machine::memo(char code)
{
    uint64_t index = m_memo.size();
    if (code == 'h' || code == 'q') {
        BITWRIGHT_TRY(index, fixed<uint8_t>());
    } else if (code == 'j' || code == 'r') {
        BITWRIGHT_TRY(index, fixed<uint32_t>());
    } else if (code == 'g' || code == 'p') {
        BITWRIGHT_TRY(const std::string digits, line());
        if (std::from_chars(digits.data(), digits.data() + digits.size(), index).ec != std::errc())
            return damaged();
    }
    if (code == 'h' || code == 'j' || code == 'g')
        return get(index);
    put(index);
    return {};
}

Result<void> Machine::global(char code)
{
    if (code == 'P') {
        BITWRIGHT_TRY(std::string id, line());
        Object* text = make(Object::Text);
        text->text = std::move(id);
        container(Object::Persistent, {text});
        return {};
    }
    std::string module, name;
    if (code == '\x93') {
        const std::vector<Object*> names = popLast(2);
        module = names[0]->text;
        name = names[1]->text;
    } else {
        BITWRIGHT_TRY(module, line());
        BITWRIGHT_TRY(name, line());
    }
    Object* callable = make(Object::Global);
    callable->text = module + "." + name;
    if (code != 'i') {
        push(callable);
        return {};
    }
    Object* arguments = make(Object::Tuple);
    arguments->items = popToMark();
    container(Object::Call, {callable, arguments});
    return {};
}

Result<const Object*> Unpickler::load(const Read& read)
{
    return Machine(m_objects, read, m_where).run();
}

} // namespace bitwright::pickle
