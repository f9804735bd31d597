// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights/pickle.h"

#include <algorithm>
#include <unordered_map>

// The opcodes are those of CPython's pickletools.py.

namespace bitwright::pickle {

inline constexpr size_t kMostObjects = 4'000'000;
inline constexpr size_t kMostBytes = size_t(64) << 20;
inline constexpr size_t kLongestLine = 4096;

/// The pickle machine: a stack of objects, marks among them, and a memo.
class Machine {
public:
    Machine(std::deque<Object>& objects, const Read& read, const std::string& where)
        : m_objects(objects)
        , m_read(read)
        , m_where(where)
    {
    }

    Result<const Object*> run()
    {
        while (true) {
            BITWRIGHT_TRY(const auto code, fixed<uint8_t>());
            if (code == '.')
                break;
            BITWRIGHT_CHECK(step(char(code)));
            if (m_failed)
                return damaged();
        }
        const Object* top = pop();
        return m_failed ? Result<const Object*>(damaged()) : Result<const Object*>(top);
    }

private:
    Error damaged() const { return {Error::Corrupt, "The pickle is damaged or truncated.", m_where}; }
    Error tooLarge() const { return {Error::Limit, "The pickle holds too much that is no tensor.", m_where}; }

    Result<void> take(void* out, size_t bytes)
    {
        m_bytes += bytes;
        if (m_bytes > kMostBytes)
            return tooLarge();
        return m_read(out, bytes);
    }
    template<typename T>
    Result<T> fixed()
    {
        T value{};
        BITWRIGHT_CHECK(take(&value, sizeof value));
        return value;
    }
    Result<std::string> text(uint64_t bytes)
    {
        if (bytes > kMostBytes)
            return damaged();
        // Grows with what really comes: a length that lies costs nothing.
        std::string out;
        while (out.size() < bytes) {
            const size_t have = out.size(), piece = std::min<size_t>(bytes - have, 1 << 16);
            out.resize(have + piece);
            BITWRIGHT_CHECK(take(out.data() + have, piece));
        }
        return out;
    }
    Result<std::string> line()
    {
        std::string out;
        while (true) {
            BITWRIGHT_TRY(const char c, fixed<char>());
            if (c == '\n')
                return out;
            if (out.size() >= kLongestLine)
                return damaged();
            out += c;
        }
    }

    Object* make(Object::Kind kind)
    {
        m_objects.emplace_back();
        m_objects.back().kind = kind;
        return &m_objects.back();
    }
    /// A nonsense object instead of nothing, so that callers need no test; the loop sees m_failed.
    Object* fail()
    {
        m_failed = true;
        return make(Object::None);
    }
    Object* push(Object* object)
    {
        m_stack.push_back(object);
        return object;
    }
    Object* pop()
    {
        if (m_stack.empty() || m_stack.back()->kind == Object::Mark)
            return fail();
        Object* top = m_stack.back();
        m_stack.pop_back();
        return top;
    }
    Object* top() { return m_stack.empty() || m_stack.back()->kind == Object::Mark ? fail() : m_stack.back(); }
    /// Everything above the last mark, which goes too.
    std::vector<Object*> popToMark()
    {
        const auto mark = std::find_if(m_stack.rbegin(), m_stack.rend(),
                                       [](const Object* o) { return o->kind == Object::Mark; });
        if (mark == m_stack.rend()) {
            m_failed = true;
            return {};
        }
        std::vector<Object*> items(mark.base(), m_stack.end());
        m_stack.erase(mark.base() - 1, m_stack.end());
        return items;
    }
    Object* container(Object::Kind kind, std::vector<Object*> items)
    {
        Object* object = push(make(kind));
        object->items = std::move(items);
        return object;
    }
    void addItems(Object::Kind kind, const std::vector<Object*>& items)
    {
        Object* to = top();
        // Subclasses (OrderedDict(), a defaultdict) are calls whose items come later.
        const bool fits = to->kind == kind || to->kind == Object::Call;
        if (!fits || (kind == Object::Dict && items.size() % 2 != 0)) {
            m_failed = true;
            return;
        }
        if (to->kind == Object::Call) {
            if (!to->contents || to->contents->kind != kind)
                to->contents = make(kind);
            to = to->contents;
        }
        to->items.insert(to->items.end(), items.begin(), items.end());
    }
    std::vector<Object*> popLast(size_t count)
    {
        std::vector<Object*> items(count);
        for (size_t i = count; i-- > 0;)
            items[i] = pop();
        return items;
    }
    Result<void> get(uint64_t index)
    {
        const auto found = m_memo.find(index);
        if (found == m_memo.end())
            return damaged();
        push(found->second);
        return {};
    }
    void put(uint64_t index) { m_memo[index] = top(); }

    Result<void> step(char code);
    Result<void> number(char code);
    Result<void> longNumber(uint64_t bytes);
    Result<void> string(char code);
    Result<void> memo(char code);
    Result<void> global(char code);
    bool structure(char code);
    bool build(char code);

    std::deque<Object>& m_objects;
    const Read& m_read;
    const std::string& m_where;
    std::vector<Object*> m_stack;
    std::unordered_map<uint64_t, Object*> m_memo;
    size_t m_bytes = 0;
    bool m_failed = false;
};

} // namespace bitwright::pickle
