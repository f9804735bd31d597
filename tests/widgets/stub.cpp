#include "core/run/dataset.h"
#include <nlohmann/json.hpp>
#include <numeric>
namespace bitwright {
Result<Sidecar> readSidecar(const std::string&) { return Sidecar{}; }
Result<std::shared_ptr<Dataset>> openDataset(const std::string& p, const DataOptions&, const Sidecar&, Progress&) { return Error{Error::NotFound,"no",p}; }
std::vector<int64_t> calibrationSubset(int64_t s, int64_t l, uint64_t) { std::vector<int64_t> v(size_t(l<0?s:std::min(s,l))); std::iota(v.begin(), v.end(), 0); return v; }
std::vector<int64_t> evaluationSubset(int64_t s, int64_t l) { return calibrationSubset(s,l,0); }
struct BatchLoader::Private { std::shared_ptr<const Dataset> d; std::vector<int64_t> i; int64_t b; size_t at=0; };
BatchLoader::BatchLoader(std::shared_ptr<const Dataset> dataset, std::vector<int64_t> indices, int64_t batchSize) : d(new Private{dataset,indices,batchSize}) {}
BatchLoader::~BatchLoader() = default;
int64_t BatchLoader::batches() const { return (int64_t(d->i.size())+d->b-1)/d->b; }
Result<BatchLoader::Item> BatchLoader::next() { Item it; size_t n = std::min(d->i.size()-d->at, size_t(d->b)); it.indices.assign(d->i.begin()+d->at, d->i.begin()+d->at+n); d->at+=n; if(n){ auto im=d->d->images(it.indices); if(!im) return im.error(); it.images=*im; auto l=d->d->labels(it.indices); if(!l) return l.error(); it.labels=*l;} return it; }
nlohmann::json preprocessToJson(const Preprocess&) { return {}; }
}
