// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pytorch_packed.h"
#include "core/io/weights/pytorch_tensor.h"

#include <algorithm>
#include <map>
#include <set>

namespace bitwright {
namespace {

using pickle::Object;
using namespace pytorch;

constexpr int kDeepest = 100;
constexpr int kMostNames = 64; ///< of one object; objects that hold others twice would have endlessly many
constexpr size_t kLongestName = 4096;
constexpr size_t kMostNotes = 20;

/// Finds the tensors in what was saved: dictionaries and lists of them, and the modules of whole models, of
/// which only the data is looked at.
class Walk {
public:
    Walk(const Saved& saved, const std::string& path, Progress& progress)
        : m_saved(saved)
        , m_path(path)
        , m_progress(progress)
    {
    }

    Result<WeightsFile> run()
    {
        BITWRIGHT_CHECK(visit(*m_saved.root, "", 0));
        addNotes();
        return std::move(m_file);
    }

private:
    struct LeftOut {
        int64_t count = 0;
        std::string first;
    };

    Result<void> visit(const Object& object, const std::string& name, int depth)
    {
        std::string unread;
        if (m_progress.cancelled())
            return cancelledError();
        if (name.size() > kLongestName)
            return Error{Error::Limit, "A tensor's name is longer than 4096 characters; the file is damaged.",
                         m_path};
        if (const auto tensor = tensorRef(object, unread))
            return add(name.empty() ? "tensor" : name, *tensor);
        BITWRIGHT_TRY(auto packed, packedTensor(object, name.empty() ? "tensor" : name, m_saved.storages, m_path, unread));
        if (packed)
            return addPacked(*std::move(packed));
        if (!unread.empty()) {
            leaveOut("tensor of " + unread, name);
            return {};
        }
        const bool container = object.kind == Object::Dict || object.kind == Object::List ||
                               object.kind == Object::Tuple || object.kind == Object::Call;
        if (!container || m_open.count(&object) || ++m_visits[&object] > kMostNames)
            return {};
        if (depth >= kDeepest) {
            leaveOut("object nested more than 100 deep", name);
            return {};
        }
        m_open.insert(&object);
        const Result<void> visited = object.kind == Object::Call   ? visitCall(object, name, depth)
                                     : object.kind == Object::Dict ? visitItems(object, name, depth)
                                                                   : visitList(object, name, depth);
        m_open.erase(&object);
        return visited;
    }

    Result<void> visitCall(const Object& call, const std::string& name, int depth)
    {
        if (call.contents) // OrderedDict and other subclasses of containers
            return visit(*call.contents, name, depth + 1);
        const Object* state = call.state && call.state->kind == Object::Tuple && !call.state->items.empty()
                                  ? call.state->items[0]
                                  : call.state;
        if (state && state->kind == Object::Dict && valueOf(*state, "_parameters"))
            return visitModule(*state, name, depth);
        const std::string callee = calleeOf(call);
        if (callee == "collections.OrderedDict" || callee == "collections.defaultdict")
            return visitPairs(call, name, depth);
        leaveOut(callee.empty() ? "object of unknown class" : callee + " object", name);
        return {};
    }

    /// torch.nn.Module: parameters, buffers and modules below it, without these words in the names.
    Result<void> visitModule(const Object& state, const std::string& name, int depth)
    {
        for (const char* part : {"_parameters", "_buffers", "_modules"})
            if (const Object* items = valueOf(state, part))
                BITWRIGHT_CHECK(visit(*items, name, depth + 1));
        return {};
    }

    /// OrderedDict([[key, value], ...]) as Python 2 wrote it.
    Result<void> visitPairs(const Object& call, const std::string& name, int depth)
    {
        if (call.items.size() < 2 || call.items[1]->items.empty())
            return {};
        for (const Object* pair : call.items[1]->items[0]->items)
            if (pair->items.size() == 2)
                BITWRIGHT_CHECK(visit(*pair->items[1], join(name, *pair->items[0]), depth + 1));
        return {};
    }

    Result<void> visitItems(const Object& dict, const std::string& name, int depth)
    {
        if (valueOf(dict, "param_groups") && valueOf(dict, "state")) {
            leaveOut("state of an optimizer", name);
            return {};
        }
        for (size_t i = 0; i + 1 < dict.items.size(); i += 2)
            BITWRIGHT_CHECK(visit(*dict.items[i + 1], join(name, *dict.items[i]), depth + 1));
        return {};
    }

    Result<void> visitList(const Object& list, const std::string& name, int depth)
    {
        // torch.ao's linear layers keep (weight, bias) so; elsewhere these are what they are called.
        constexpr std::string_view kPacked = "._packed_params._packed_params";
        if (name.ends_with(kPacked) && list.items.size() == 2) {
            const std::string layer = name.substr(0, name.size() - kPacked.size());
            BITWRIGHT_CHECK(visit(*list.items[0], layer + ".weight", depth + 1));
            return visit(*list.items[1], layer + ".bias", depth + 1);
        }
        for (size_t i = 0; i < list.items.size(); ++i)
            BITWRIGHT_CHECK(visit(*list.items[i], (name.empty() ? "" : name + ".") + std::to_string(i), depth + 1));
        return {};
    }

    Result<void> add(const std::string& name, const TensorRef& tensor)
    {
        if (!m_names.insert(name).second) {
            leaveOut("second tensor of the same name", name);
            return {};
        }
        // Tied tensors are one memory under two names.
        std::vector<size_t>& others = m_byStorage[tensor.storage.key];
        for (const size_t other : others)
            if (m_refs[other] == tensor) {
                m_file.tensors[other].aliases.push_back(name);
                return {};
            }
        BITWRIGHT_TRY(StoredTensor stored, storedTensor(name, tensor, m_saved.storages, m_path));
        if (others.size() < kMostViews)
            others.push_back(m_refs.size());
        m_refs.push_back(tensor);
        m_file.tensors.push_back(std::move(stored));
        return {};
    }

    Result<void> addPacked(PackedTensor packed)
    {
        const std::string name = packed.tensor.name;
        if (!m_names.insert(name).second) {
            leaveOut("second tensor of the same name", name);
            return {};
        }
        if (packed.grid)
            m_file.grids.emplace(name, *std::move(packed.grid));
        m_refs.push_back({}); // is nobody's twin
        m_file.tensors.push_back(std::move(packed.tensor));
        return {};
    }

    static const Object* valueOf(const Object& dict, std::string_view key)
    {
        for (size_t i = 0; i + 1 < dict.items.size(); i += 2)
            if (dict.items[i]->kind == Object::Text && dict.items[i]->text == key)
                return dict.items[i + 1];
        return nullptr;
    }

    static std::string join(const std::string& name, const Object& key)
    {
        const std::string own = key.kind == Object::Text  ? key.text
                                : key.kind == Object::Int ? std::to_string(key.number)
                                                          : "?";
        return name.empty() ? own : name + "." + own;
    }

    void leaveOut(const std::string& what, const std::string& name)
    {
        LeftOut& entry = m_leftOut[what.substr(0, 200)];
        if (entry.count++ == 0)
            entry.first = name.substr(0, 200);
    }

    void addNotes()
    {
        for (const auto& [what, entry] : m_leftOut) {
            if (m_file.notes.size() >= kMostNotes)
                break;
            const std::string at = entry.first.empty() ? "" : " (at \"" + entry.first + "\")";
            m_file.notes.push_back("Left out: " + std::to_string(entry.count) + " x " + what + at + ".");
        }
    }

    static constexpr size_t kMostViews = 256; ///< of one storage that are compared for being tied
    const Saved& m_saved;
    const std::string& m_path;
    Progress& m_progress;
    WeightsFile m_file;
    std::vector<TensorRef> m_refs; ///< of m_file.tensors
    std::map<std::string, std::vector<size_t>> m_byStorage;
    std::set<std::string> m_names;
    std::set<const Object*> m_open; ///< those that the visited one is inside of
    std::map<const Object*, int> m_visits;
    std::map<std::string, LeftOut> m_leftOut;
};

} // namespace

bool looksLikeStateDict(const std::string& path)
{
    return isSavedLegacy(path) || isSavedArchive(path);
}

Result<WeightsFile> openStateDict(const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(const Saved saved, isSavedLegacy(path) ? openSavedLegacy(path) : openSavedArchive(path));
    return Walk(saved, path, progress).run();
}

} // namespace bitwright
